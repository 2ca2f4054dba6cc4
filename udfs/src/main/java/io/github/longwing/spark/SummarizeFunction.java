package io.github.longwing.spark;

import static org.apache.spark.sql.functions.udf;

import io.github.longwing.spark.executor.ModelLoader;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.sql.SessionModel;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * A text's best summary as a SQL function; NULL for a text that has none, such as NULL. It shares the model of the
 * executor with all jobs, but sees one document of a task at a time: {@link DocumentTransformation#SUMMARIZE} is faster,
 * and says why a document has no summary.
 *
 * <p>Made without arguments, as {@code spark.udf.registerJavaFunction} does, it runs the model that the setting
 * {@value #MODEL} names, else that of {@code spark.longwing.model}, else the one that the jar carries.
 * {@link LongwingFunctions} makes it with other settings.
 */
public final class SummarizeFunction implements UDF1<String, String> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.summarize.model";

    private static final SummarizerOptions SETTINGS = SummarizerOptions.of(Map.of());

    private final ScalarFunction<Summaries> function;

    public SummarizeFunction() {
        this(
                context -> new ModelLoader.OfSummarizer(SessionModel.orEmbedded(MODEL, context), SETTINGS),
                ErrorPolicy.PERMISSIVE);
    }

    SummarizeFunction(ScalarFunction.LoaderChoice<Summaries> model, ErrorPolicy onError) {
        this.function = new ScalarFunction<>(model, DocumentTransformation.SUMMARIZE.columns(SETTINGS), onError);
    }

    @Override
    public String call(String text) {
        return text == null
                ? null
                : function.call(text, Optional.empty())
                        .map(row -> row.getString(0))
                        .orElse(null);
    }

    UserDefinedFunction asUdf() {
        return udf(this, DataTypes.StringType);
    }
}
