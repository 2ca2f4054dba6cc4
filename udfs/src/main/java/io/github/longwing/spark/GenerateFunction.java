package io.github.longwing.spark;

import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.task.ContinuationColumns;
import io.github.longwing.task.GeneratedTexts;
import org.apache.spark.sql.api.java.UDF1;

/**
 * The best continuation of a prompt as a SQL function; NULL for a prompt without one, such as NULL.
 *
 * <p>The constructor without arguments, which {@code spark.udf.registerJavaFunction} calls, takes default options and the
 * model that the setting {@value #MODEL} names, else {@code spark.longwing.model}. {@link LongwingFunctions} registers
 * the function with other options.
 */
public final class GenerateFunction implements UDF1<String, String> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.generate.model";

    private final ScalarFunction<GeneratedTexts> function = ScalarFunction.ofSession(ContinuationColumns.TASK);

    @Override
    public String call(String prompt) {
        return (String) function.call(prompt);
    }
}
