package io.github.longwing.spark;

import static org.apache.spark.sql.functions.udf;

import io.github.longwing.spark.columns.EmbeddingColumns;
import io.github.longwing.spark.executor.ModelLoader;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.sql.SessionModel;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.Embedding;
import java.util.Optional;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;

/**
 * A text's vector as a SQL function, {@code array<float>}; NULL for a text that has none, such as NULL.
 *
 * <p>Made without arguments, as {@code spark.udf.registerJavaFunction} does, it runs the model that the setting
 * {@value #MODEL} names, else that of {@code spark.longwing.model}, else the one that the jar carries.
 * {@link LongwingFunctions} makes it with other settings.
 */
public final class EmbedFunction implements UDF1<String, float[]> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.embed.model";

    private static final EmbedderOptions SETTINGS = EmbedderOptions.standard();

    private final ScalarFunction<Embedding> function;

    public EmbedFunction() {
        this(
                context -> new ModelLoader.OfEmbedder(SessionModel.orEmbedded(MODEL, context), SETTINGS),
                ErrorPolicy.PERMISSIVE);
    }

    EmbedFunction(ScalarFunction.LoaderChoice<Embedding> model, ErrorPolicy onError) {
        this.function = new ScalarFunction<>(model, DocumentTransformation.EMBED.columns(SETTINGS), onError);
    }

    @Override
    public float[] call(String text) {
        return text == null
                ? null
                : function.call(text, Optional.empty())
                        .map(row -> row.<float[]>getAs(0))
                        .orElse(null);
    }

    UserDefinedFunction asUdf() {
        return udf(this, EmbeddingColumns.VECTOR);
    }
}
