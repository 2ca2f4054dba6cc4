package io.github.longwing.spark.options;

import java.io.Serializable;
import java.util.Objects;

/**
 * The options of a transformation or SQL function; small, since Spark sends them to every executor.
 *
 * @param <S> the options of the task, such as {@link io.github.longwing.task.summarize.SummarizerOptions}
 */
public record TaskOptions<S extends Serializable>(
        ModelReference model, DocumentColumns columns, S taskOptions, ErrorPolicy onError, InputPartitioning partitioning)
        implements Serializable {
    public TaskOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(taskOptions, "taskOptions");
        Objects.requireNonNull(onError, "onError");
        Objects.requireNonNull(partitioning, "partitioning");
    }

    /** With {@link ErrorPolicy#PERMISSIVE} and {@link InputPartitioning#BALANCED}. */
    public static <S extends Serializable> TaskOptions<S> of(
            ModelReference model, DocumentColumns columns, S taskOptions) {
        return new TaskOptions<>(model, columns, taskOptions, ErrorPolicy.PERMISSIVE, InputPartitioning.BALANCED);
    }
}
