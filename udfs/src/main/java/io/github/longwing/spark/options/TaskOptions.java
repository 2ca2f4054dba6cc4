package io.github.longwing.spark.options;

import java.io.Serializable;
import java.util.Objects;

/**
 * The options of a transformation or SQL function; small, since Spark sends them to every executor.
 *
 * @param <S> the options of the task, such as {@link io.github.longwing.task.summarize.SummarizerOptions}
 */
public record TaskOptions<S extends Serializable>(
        ModelReference model,
        DocumentColumns columns,
        S taskOptions,
        ErrorPolicy onError,
        InputPartitioning partitioning,
        Isolation isolation,
        StopSignal stop,
        EqualTexts equalTexts)
        implements Serializable {
    public TaskOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(taskOptions, "taskOptions");
        Objects.requireNonNull(onError, "onError");
        Objects.requireNonNull(partitioning, "partitioning");
        Objects.requireNonNull(isolation, "isolation");
        Objects.requireNonNull(stop, "stop");
        Objects.requireNonNull(equalTexts, "equalTexts");
    }

    /** Each document by itself. */
    public TaskOptions(
            ModelReference model,
            DocumentColumns columns,
            S taskOptions,
            ErrorPolicy onError,
            InputPartitioning partitioning,
            Isolation isolation,
            StopSignal stop) {
        this(model, columns, taskOptions, onError, partitioning, isolation, stop, EqualTexts.EACH);
    }

    /** Without isolation, each document by itself, and without an end before the last document. */
    public TaskOptions(
            ModelReference model,
            DocumentColumns columns,
            S taskOptions,
            ErrorPolicy onError,
            InputPartitioning partitioning) {
        this(model, columns, taskOptions, onError, partitioning, Isolation.none(), StopSignal.none(), EqualTexts.EACH);
    }

    /** The same with isolation. */
    public TaskOptions<S> isolated(Isolation by) {
        return new TaskOptions<>(model, columns, taskOptions, onError, partitioning, by, stop, equalTexts);
    }

    /** The same with a signal that ends it early. */
    public TaskOptions<S> stoppedBy(StopSignal signal) {
        return new TaskOptions<>(model, columns, taskOptions, onError, partitioning, isolation, signal, equalTexts);
    }

    /** The same for documents of equal texts. */
    public TaskOptions<S> computing(EqualTexts equal) {
        return new TaskOptions<>(model, columns, taskOptions, onError, partitioning, isolation, stop, equal);
    }

    /** With {@link ErrorPolicy#PERMISSIVE} and {@link InputPartitioning#BALANCED}. */
    public static <S extends Serializable> TaskOptions<S> of(
            ModelReference model, DocumentColumns columns, S taskOptions) {
        return new TaskOptions<>(model, columns, taskOptions, ErrorPolicy.PERMISSIVE, InputPartitioning.BALANCED);
    }
}
