package io.github.longwing.spark.task;

import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.task.Passage;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The passages that an output rests on: one column if they are asked for, else none. */
enum EvidenceColumn {
    NONE {
        @Override
        List<StructField> fields() {
            return List.of();
        }

        @Override
        void fill(List<Object> row, List<Passage> evidence) {
            // there is no column
        }
    },
    PASSAGES {
        @Override
        List<StructField> fields() {
            return List.of(ResultSchema.array("evidence", PASSAGE));
        }

        @Override
        void fill(List<Object> row, List<Passage> evidence) {
            row.add(evidence.stream()
                    .map(p -> RowFactory.create(p.text(), p.begin(), p.end(), p.weight()))
                    .toArray(Row[]::new));
        }
    };

    private static final StructType PASSAGE = DataTypes.createStructType(List.of(
            ResultSchema.nullable("text", DataTypes.StringType),
            ResultSchema.nullable("begin", DataTypes.IntegerType),
            ResultSchema.nullable("end", DataTypes.IntegerType),
            ResultSchema.nullable("weight", DataTypes.DoubleType)));

    static EvidenceColumn of(int passages) {
        return passages == 0 ? NONE : PASSAGES;
    }

    abstract List<StructField> fields();

    abstract void fill(List<Object> row, List<Passage> evidence);
}
