package io.github.longwing.spark.executor;

import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.options.EqualTexts;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.progress.JobProgress;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The function that runs on the executors: projected rows in (see {@link InputColumns}), result rows out (see
 * {@link ResultSchema}), for any task. It holds options only.
 */
public record DocumentFunction<T>(
        TaskLoader<T> loader,
        TaskColumns<T> columns,
        RowFingerprint fingerprint,
        ErrorPolicy onError,
        Isolation isolation,
        StopSignal stop,
        EqualTexts equalTexts,
        JobProgress progress)
        implements MapPartitionsFunction<Row, Row> {

    /** Computes each document. */
    public DocumentFunction(
            TaskLoader<T> loader,
            TaskColumns<T> columns,
            RowFingerprint fingerprint,
            ErrorPolicy onError,
            Isolation isolation,
            StopSignal stop,
            JobProgress progress) {
        this(loader, columns, fingerprint, onError, isolation, stop, EqualTexts.EACH, progress);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> documents) {
        TaskContext context = TaskContext.get();
        DocumentRows<T> rows = new DocumentRows<>(this, documents, context);
        context.addTaskCompletionListener((TaskCompletionListener) ended -> rows.close());
        return rows;
    }
}
