package io.github.longwing.spark;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * One job as a transformation, the same for all tasks: columns are found and the schema is declared on the driver, then
 * the partition function takes over.
 */
record DocumentJob<T>(DocumentColumns columns, InputPartitioning partitioning, DocumentFunction<T> function) {

    StructType schema(Dataset<Row> documents) {
        return schemaOfResult(InputColumns.project(documents, columns));
    }

    Dataset<Row> apply(Dataset<Row> documents) {
        Dataset<Row> projected = InputColumns.project(documents, columns);
        StructType schema = schemaOfResult(projected);
        Dataset<Row> spread =
                switch (partitioning) {
                    case BALANCED -> DocumentSpread.balanced(projected);
                    case AS_GIVEN -> projected;
                };
        return spread.mapPartitions(function, Encoders.row(schema));
    }

    private StructType schemaOfResult(Dataset<Row> projected) {
        List<StructField> kept = InputColumns.keptFields(projected);
        return ResultSchema.of(kept, function.columns(), columns.resultPrefix(), NameRule.of(projected.sparkSession()));
    }
}
