package io.github.longwing.spark;

import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.task.AnswerColumns;
import io.github.longwing.task.answer.Answers;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;

/**
 * The answer that a text gives to a question, as a SQL function; NULL if either is NULL or cannot be processed. Type:
 * {@code struct<answer: string, score: double, begin: int, end: int>}; {@code substring(text, begin + 1, end - begin)} is
 * the answer.
 *
 * <p>The constructor without arguments, which {@code spark.udf.registerJavaFunction} calls, takes default options and the
 * model that the setting {@value #MODEL} names, else {@code spark.longwing.model}. {@link LongwingFunctions} registers
 * the function with other options.
 */
public final class AnswerFunction implements UDF2<String, String, Row> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.answer.model";

    private final ScalarFunction<Answers> function = ScalarFunction.ofSession(AnswerColumns.TASK);

    @Override
    public Row call(String question, String text) {
        return (Row) function.call(question, text);
    }
}
