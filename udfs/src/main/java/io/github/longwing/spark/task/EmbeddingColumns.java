package io.github.longwing.spark.task;

import io.github.longwing.config.Architecture;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.spark.options.EmbeddedModel;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.embed.Embedder;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.EmbedderOptions.Norm;
import io.github.longwing.task.embed.EmbedderOptions.StatePooling;
import io.github.longwing.task.embed.Embedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** The vector of a document. */
public record EmbeddingColumns() implements TaskColumns<Embedding> {
    public static final SparkTask<EmbedderOptions, Embedding> TASK = new SparkTask<>(
            "embed",
            Arrays.stream(Architecture.values())
                    .filter(Architecture::hasEncoder)
                    .toList(),
            EmbeddedModel.SENTENCE_SUMMARIZER,
            EmbedderOptions.standard(),
            Embedder::open,
            options -> new EmbeddingColumns(),
            SparkTask.SqlArguments.TEXT,
            1,
            EmbeddingColumns::optionTable);

    private static final String POOLING = "pooling";
    private static final String NORMALIZE = "normalize";

    private static OptionTable<EmbedderOptions> optionTable() {
        WindowOptions reading = TASK.defaults().reading();
        List<NamedOption> options = new ArrayList<>(List.of(
                NamedOption.words(
                        POOLING, "mean|eos", "mean", "The mean of the tokens' states, or the state of the eos."),
                new NamedOption(
                        NORMALIZE,
                        NamedOption.Kind.FLAG,
                        "true|false",
                        "true or false",
                        "false",
                        "Make the length of every vector 1.")));
        options.addAll(SharedOptions.windows(reading));
        return new OptionTable<>(
                options,
                (texts, model) -> new EmbedderOptions(
                        SharedOptions.readWindows(texts, reading, model),
                        texts.choice(POOLING, StatePooling.values()).orElse(StatePooling.MEAN),
                        texts.flag(NORMALIZE).orElse(false) ? Norm.UNIT : Norm.AS_IS));
    }

    @Override
    public List<StructField> fields() {
        return List.of(ResultSchema.array("embedding", DataTypes.FloatType));
    }

    @Override
    public void fill(List<Object> row, Embedding output, TextPages pages) {
        row.add(output.values());
    }
}
