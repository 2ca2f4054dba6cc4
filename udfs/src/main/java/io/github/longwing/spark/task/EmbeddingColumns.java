package io.github.longwing.spark.task;

import io.github.longwing.config.Architecture;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.task.embed.Embedder;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.Embedding;
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
            SparkTask.DefaultModel.EMBEDDED,
            EmbedderOptions.standard(),
            Embedder::open,
            options -> new EmbeddingColumns(),
            SparkTask.SqlArguments.TEXT,
            1);

    @Override
    public List<StructField> fields() {
        return List.of(ResultSchema.array("embedding", DataTypes.FloatType));
    }

    @Override
    public void fill(List<Object> row, Embedding output, TextPages pages) {
        row.add(output.values());
    }
}
