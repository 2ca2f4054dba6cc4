package io.github.longwing.spark.sql;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.executor.DocumentFunction;
import io.github.longwing.spark.executor.DocumentRows;
import io.github.longwing.spark.executor.TaskLoader;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.progress.JobProgress;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task on one text at a time, which is all that SQL functions see. It shares the model of the executor with all jobs. */
public record ScalarFunction<T>(LoaderChoice<T> model, TaskColumns<T> columns, ErrorPolicy onError)
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

    /** The columns of the task for this text, or nothing where there is an error. */
    public Optional<Row> call(String text, Optional<String> question) {
        TaskContext context = TaskContext.get();
        DocumentFunction<T> function =
                new DocumentFunction<>(model.loader(context), columns, onError, JobProgress.none());
        // there is no id, and the same text shall always get the same draws
        String id = "text " + Integer.toHexString(text.hashCode());
        Row document = RowFactory.create(
                utf8(text), id, question.map(ScalarFunction::utf8).orElse(null), /* reading failure */ null);
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
