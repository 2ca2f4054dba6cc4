package io.github.longwing.spark;

import static org.apache.spark.sql.functions.udf;

import io.github.longwing.spark.executor.ModelLoader;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.sql.SessionModel;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.generate.GeneratorOptions;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * The best continuation of a prompt as a SQL function; NULL for a prompt that has none, such as NULL.
 *
 * <p>Made without arguments, as {@code spark.udf.registerJavaFunction} does, it runs the model that the setting
 * {@value #MODEL} names, else that of {@code spark.longwing.model}.
 * {@link LongwingFunctions} makes it with other settings.
 */
public final class GenerateFunction implements UDF1<String, String> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.generate.model";

    private static final GeneratorOptions SETTINGS = GeneratorOptions.of(Map.of());

    private final ScalarFunction<GeneratedTexts> function;

    public GenerateFunction() {
        this(
                context -> new ModelLoader.OfGenerator(SessionModel.required(MODEL, context), SETTINGS),
                ErrorPolicy.PERMISSIVE);
    }

    GenerateFunction(ScalarFunction.LoaderChoice<GeneratedTexts> model, ErrorPolicy onError) {
        this.function = new ScalarFunction<>(model, DocumentTransformation.GENERATE.columns(SETTINGS), onError);
    }

    @Override
    public String call(String prompt) {
        return prompt == null
                ? null
                : function.call(prompt, Optional.empty())
                        .map(row -> row.getString(0))
                        .orElse(null);
    }

    UserDefinedFunction asUdf() {
        return udf(this, DataTypes.StringType);
    }
}
