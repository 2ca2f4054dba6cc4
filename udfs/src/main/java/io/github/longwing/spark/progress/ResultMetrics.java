package io.github.longwing.spark.progress;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.TaskColumns;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;

/** The counts of {@link JobProgress}, computed by Spark from the rows of a result. */
public final class ResultMetrics {
    private ResultMetrics() {}

    public static Dataset<Row> observe(
            Dataset<Row> result, TaskColumns<?> task, String resultPrefix, Observation observation) {
        return result.observe(
                observation,
                count(lit(1)).as("documents"),
                count(col("`" + resultPrefix + ResultSchema.ERROR + "`")).as("errors"),
                total(col("`" + resultPrefix + ResultSchema.INPUT_TOKENS + "`")).as("input_tokens"),
                total(expr(task.outputTokensExpression(resultPrefix))).as("output_tokens"));
    }

    private static Column total(Column tokens) {
        return coalesce(sum(tokens), lit(0L));
    }
}
