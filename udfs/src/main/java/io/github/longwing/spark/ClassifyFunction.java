package io.github.longwing.spark;

import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.task.ClassificationColumns;
import io.github.longwing.task.classify.Classification;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;

/**
 * The label of a text, its probability and the list of labels as a SQL function; NULL for a text without a label, such as
 * NULL. Type: {@code struct<label: string, probability: double, labels: array<struct<label: string, probability:
 * double>>>}.
 *
 * <p>The constructor without arguments, which {@code spark.udf.registerJavaFunction} calls, takes default options and the
 * model that the setting {@value #MODEL} names, else {@code spark.longwing.model}. {@link LongwingFunctions} registers
 * the function with other options.
 */
public final class ClassifyFunction implements UDF1<String, Row> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.classify.model";

    private final ScalarFunction<Classification> function = ScalarFunction.ofSession(ClassificationColumns.TASK);

    @Override
    public Row call(String text) {
        return (Row) function.call(text);
    }
}
