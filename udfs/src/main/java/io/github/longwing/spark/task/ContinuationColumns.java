package io.github.longwing.spark.task;

import io.github.longwing.config.Architecture;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.generate.GeneratorOptions;
import io.github.longwing.task.generate.TextGenerator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructField;

/** The continuations of a prompt. */
public record ContinuationColumns(GeneratedTextColumns texts) implements TaskColumns<GeneratedTexts> {
    public static final SparkTask<GeneratorOptions, GeneratedTexts> TASK = new SparkTask<>(
            "generate",
            List.of(Architecture.CAUSAL_LM),
            SparkTask.DefaultModel.NONE,
            GeneratorOptions.of(Map.of()),
            TextGenerator::open,
            ContinuationColumns::of,
            SparkTask.SqlArguments.TEXT,
            1);

    public static ContinuationColumns of(GeneratorOptions options) {
        return new ContinuationColumns(GeneratedTextColumns.of(options.generation(), "generated", "generations"));
    }

    @Override
    public List<StructField> fields() {
        return texts.fields();
    }

    @Override
    public void fill(List<Object> row, GeneratedTexts output, TextPages pages) {
        texts.fill(row, output.texts());
    }

    @Override
    public long outputTokens(GeneratedTexts output) {
        return texts.tokens(output.texts());
    }

    @Override
    public String outputTokensExpression(String resultPrefix) {
        return texts.tokensExpression(resultPrefix);
    }
}
