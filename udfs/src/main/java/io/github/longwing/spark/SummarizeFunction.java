package io.github.longwing.spark;

import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.task.SummaryColumns;
import io.github.longwing.task.summarize.Summaries;
import org.apache.spark.sql.api.java.UDF1;

/**
 * The best summary of a text as a SQL function; NULL for a text without one, such as NULL. It shares the loaded model of
 * the executor with all jobs, but runs one document of a Spark task at a time: {@link DocumentTransformation#SUMMARIZE}
 * is faster, and its rows say why a document has no summary.
 *
 * <p>The constructor without arguments, which {@code spark.udf.registerJavaFunction} calls, takes default options and the
 * model that the setting {@value #MODEL} names, else {@code spark.longwing.model}, else the one that the jar carries. {@link LongwingFunctions} registers
 * the function with other options.
 */
public final class SummarizeFunction implements UDF1<String, String> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.summarize.model";

    private final ScalarFunction<Summaries> function = ScalarFunction.ofSession(SummaryColumns.TASK);

    @Override
    public String call(String text) {
        return (String) function.call(text);
    }
}
