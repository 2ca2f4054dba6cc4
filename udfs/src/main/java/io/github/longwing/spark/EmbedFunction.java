package io.github.longwing.spark;

import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.task.EmbeddingColumns;
import io.github.longwing.task.embed.Embedding;
import org.apache.spark.sql.api.java.UDF1;

/**
 * The vector of a text as a SQL function, {@code array<float>}; NULL for a text without one, such as NULL.
 *
 * <p>The constructor without arguments, which {@code spark.udf.registerJavaFunction} calls, takes default options and the
 * model that the setting {@value #MODEL} names, else {@code spark.longwing.model}, else the one that the jar carries. {@link LongwingFunctions} registers
 * the function with other options.
 */
public final class EmbedFunction implements UDF1<String, float[]> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.embed.model";

    private final ScalarFunction<Embedding> function = ScalarFunction.ofSession(EmbeddingColumns.TASK);

    @Override
    public float[] call(String text) {
        return (float[]) function.call(text);
    }
}
