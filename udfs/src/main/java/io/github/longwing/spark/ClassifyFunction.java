package io.github.longwing.spark;

import static org.apache.spark.sql.functions.udf;

import io.github.longwing.spark.columns.ClassificationColumns;
import io.github.longwing.spark.executor.ModelLoader;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.sql.ScalarFunction;
import io.github.longwing.spark.sql.SessionModel;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;

/**
 * A text's label, its probability and the list of labels as a SQL function; NULL for a text that has none, such as NULL.
 * Type: {@code struct<label: string, probability: double, labels: array<struct<label: string, probability: double>>>}.
 *
 * <p>Made without arguments, as {@code spark.udf.registerJavaFunction} does, it runs the model that the setting
 * {@value #MODEL} names, else that of {@code spark.longwing.model}.
 * {@link LongwingFunctions} makes it with other settings.
 */
public final class ClassifyFunction implements UDF1<String, Row> {
    private static final long serialVersionUID = 1L;

    /** A location as {@link ModelReference} has it, set in the session or for the cluster. */
    public static final String MODEL = "spark.longwing.classify.model";

    private static final ClassifierOptions SETTINGS = ClassifierOptions.standard();

    private final ScalarFunction<Classification> function;

    public ClassifyFunction() {
        this(
                context -> new ModelLoader.OfClassifier(SessionModel.required(MODEL, context), SETTINGS),
                ErrorPolicy.PERMISSIVE);
    }

    ClassifyFunction(ScalarFunction.LoaderChoice<Classification> model, ErrorPolicy onError) {
        this.function = new ScalarFunction<>(model, DocumentTransformation.CLASSIFY.columns(SETTINGS), onError);
    }

    @Override
    public Row call(String text) {
        return text == null
                ? null
                : function.call(text, Optional.empty())
                        .map(row -> RowFactory.create(row.get(0), row.get(1), row.get(2)))
                        .orElse(null);
    }

    UserDefinedFunction asUdf() {
        return udf(this, ClassificationColumns.LABELS);
    }
}
