package io.github.longwing.spark.sql;

import static org.apache.spark.sql.functions.udf;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.columns.TextId;
import io.github.longwing.spark.executor.DocumentFunction;
import io.github.longwing.spark.executor.DocumentRows;
import io.github.longwing.spark.executor.ModelLoader;
import io.github.longwing.spark.executor.TaskLoader;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.task.SparkTask;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task as a SQL function, one text at a time. It shares the loaded model of the executor with all jobs, but only one
 * document of a Spark task runs at a time.
 */
public record ScalarFunction<T>(SparkTask<?, T> task, LoaderChoice<T> model, ErrorPolicy onError)
        implements Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(ScalarFunction.class);

    /** Decides on the executor which model a call runs. */
    public interface LoaderChoice<T> extends Serializable {
        /** The context is null on the driver, where Spark evaluates constants. */
        TaskLoader<T> loader(TaskContext context);
    }

    public ScalarFunction {
        if (onError == ErrorPolicy.DROPMALFORMED) {
            throw new UserException("Cannot make a SQL function: on_error is dropmalformed, expected permissive"
                    + " or failfast, since a function has to give a value for every row");
        }
    }

    /** The function with default options, on the model that the settings of the session or the cluster name. */
    public static <S extends Serializable, T> ScalarFunction<T> ofSession(SparkTask<S, T> task) {
        return new ScalarFunction<>(
                task,
                context -> new ModelLoader<>(task, SessionModel.find(task, context), task.defaults()),
                ErrorPolicy.PERMISSIVE);
    }

    /** The value for a text; null for a text without a result, such as null. */
    public Object call(String text) {
        return text == null ? null : value(text, Optional.empty());
    }

    /** The value for a question and a text; null where either is null or there is no result. */
    public Object call(String question, String text) {
        return question == null || text == null ? null : value(text, Optional.of(question));
    }

    public UserDefinedFunction asUdf() {
        return switch (task.sqlArguments()) {
            case TEXT -> udf((UDF1<String, Object>) this::call, task.sqlType());
            case QUESTION_AND_TEXT -> udf((UDF2<String, String, Object>) this::call, task.sqlType());
        };
    }

    private Object value(String text, Optional<String> question) {
        return row(text, question).map(this::value).orElse(null);
    }

    /** The value made of the first columns of a result. */
    private Object value(Row row) {
        if (task.sqlColumns() == 1) {
            return row.get(0);
        }
        Object[] fields = new Object[task.sqlColumns()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = row.get(i);
        }
        return RowFactory.create(fields);
    }

    /** The columns of the task for this text; empty if there is an error. */
    private Optional<Row> row(String text, Optional<String> question) {
        TaskContext context = TaskContext.get();
        DocumentFunction<T> function = new DocumentFunction<>(
                model.loader(context),
                task.defaultColumns(),
                RowFingerprint.of(task.name(), task.defaults()),
                onError,
                Isolation.none(),
                StopSignal.none(),
                JobProgress.none());
        String id = TextId.of(text);
        Row document = InputColumns.row(
                utf8(text), id, question.map(ScalarFunction::utf8).orElse(null));
        try (DocumentRows<T> rows =
                new DocumentRows<>(function, List.of(document).iterator(), context)) {
            Row row = rows.next();
            Row error = row.getAs(row.length() - 1);
            if (error != null) {
                LOG.warn("No result for {} ({}): {}", id, error.get(0), error.get(1));
                return Optional.empty();
            }
            return Optional.of(row);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
