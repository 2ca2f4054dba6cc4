package io.github.longwing.spark.options;

import java.io.Serializable;
import java.util.Objects;

/**
 * Everything that a job needs to know; small, since it travels to every task.
 *
 * @param <S> the settings of the task, such as {@link io.github.longwing.task.summarize.SummarizerOptions}
 */
public record TaskOptions<S extends Serializable>(
        ModelReference model, DocumentColumns columns, S settings, ErrorPolicy onError, InputPartitioning partitioning)
        implements Serializable {
    public TaskOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(onError, "onError");
        Objects.requireNonNull(partitioning, "partitioning");
    }

    /** Documents with errors become rows, and a small input is spread over all slots. */
    public static <S extends Serializable> TaskOptions<S> of(
            ModelReference model, DocumentColumns columns, S settings) {
        return new TaskOptions<>(model, columns, settings, ErrorPolicy.PERMISSIVE, InputPartitioning.BALANCED);
    }
}
