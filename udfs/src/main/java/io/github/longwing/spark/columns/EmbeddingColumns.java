package io.github.longwing.spark.columns;

import io.github.longwing.task.embed.Embedding;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** The vector of a document. */
public record EmbeddingColumns() implements TaskColumns<Embedding> {
    /** What {@code longwing_embed} gives. */
    public static final DataType VECTOR =
            ResultSchema.array("embedding", DataTypes.FloatType).dataType();

    @Override
    public List<StructField> fields() {
        return List.of(ResultSchema.nullable("embedding", VECTOR));
    }

    @Override
    public void fill(List<Object> row, Embedding output) {
        row.add(output.values());
    }
}
