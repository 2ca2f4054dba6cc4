package io.github.longwing.spark;

import static org.apache.spark.sql.functions.udf;

import io.github.longwing.spark.columns.AnswerColumns;
import io.github.longwing.spark.executor.ModelLoader;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.sql.SessionModel;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.answer.Answers;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;

/**
 * The answer that a text gives to a question, as a SQL function; NULL where question or text is NULL or cannot be read.
 * Type: {@code struct<answer: string, score: double, begin: int, end: int>}; {@code substring(text, begin + 1, end -
 * begin)} is the answer.
 *
 * <p>Made without arguments, as {@code spark.udf.registerJavaFunction} does, it runs the model that the setting
 * {@value #MODEL} names, else that of {@code spark.longwing.model}.
 * {@link LongwingFunctions} makes it with other settings.
 */
public final class AnswerFunction implements UDF2<String, String, Row> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.answer.model";

    private static final AnswererOptions SETTINGS = AnswererOptions.standard();

    private final ScalarFunction<Answers> function;

    public AnswerFunction() {
        this(
                context -> new ModelLoader.OfAnswerer(SessionModel.required(MODEL, context), SETTINGS),
                ErrorPolicy.PERMISSIVE);
    }

    AnswerFunction(ScalarFunction.LoaderChoice<Answers> model, ErrorPolicy onError) {
        this.function = new ScalarFunction<>(model, DocumentTransformation.ANSWER.columns(SETTINGS), onError);
    }

    @Override
    public Row call(String question, String text) {
        return question == null || text == null
                ? null
                : function.call(text, Optional.of(question))
                        .map(row -> RowFactory.create(row.get(0), row.get(1), row.get(2), row.get(3)))
                        .orElse(null);
    }

    UserDefinedFunction asUdf() {
        return udf(this, AnswerColumns.ANSWER);
    }
}
