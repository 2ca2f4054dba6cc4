package io.github.longwing.spark.executor;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.ColumnText;
import io.github.longwing.spark.columns.FileFailure;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.ResultSchema.Origin;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentError;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentResult.Failure;
import io.github.longwing.task.DocumentResult.Success;
import io.github.longwing.task.DocumentTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SizeEstimator;

/**
 * The result rows of one partition, computed lazily. A few documents are submitted to the model ahead of the next row, so
 * that they share its runs; rows keep the order of the input. While a long document blocks the rows behind it, further
 * documents are submitted in place of the finished ones.
 *
 * <p>For the thread of the Spark task only. {@link #close}, which the end of the task calls, cancels pending documents
 * and releases the model.
 */
public final class DocumentRows<T> implements Iterator<Row>, AutoCloseable {
    /**
     * Documents submitted to the model at once: enough for the decoder to fill its batch from one partition, and few to
     * lose with a task.
     */
    public static final int LOOK_AHEAD = 8;

    /** Documents in the queue, finished or not: about as many as a long document has windows, with which they alternate. */
    static final int MAX_IN_LINE = 256;

    /** Memory for the kept columns of a queue longer than the look-ahead; whole texts may be among them. */
    static final long MAX_KEPT_BYTES = 64L << 20; // 64 MiB

    private final DocumentFunction<T> function;
    private final Iterator<Row> documents;
    private final KillWatch watch;

    /**
     * In the order of the input, the finished ones too. Guards itself and the fields below, since results and
     * {@link #cancelPending} come from other threads, and is notified of every result.
     */
    private final Queue<Pending<T>> line = new ArrayDeque<>();

    private int unfinished;
    private long keptBytes;
    private boolean cancelled;

    /** Null before the first document: an empty partition needs no model. */
    private ExecutorModels.Lease<T> model;

    private Row next;

    private record Pending<T>(String id, Origin origin, long keptBytes, CompletableFuture<DocumentResult<T>> result) {}

    /**
     * The result rows of a partition.
     *
     * @param context null on the driver, where Spark evaluates constants
     */
    public DocumentRows(DocumentFunction<T> function, Iterator<Row> documents, TaskContext context) {
        this.function = function;
        this.documents = documents;
        this.watch = new KillWatch(context, this::cancelPending);
    }

    @Override
    public boolean hasNext() {
        while (next == null && lookAhead()) {
            next = takeFirst();
        }
        if (next == null) {
            close();
        }
        return next != null;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The partition has no more documents");
        }
        Row row = next;
        next = null;
        return row;
    }

    /** Submits documents until the limit is reached or the first one is done; false if no document is left. */
    private boolean lookAhead() {
        while (watch.await(this::awaitRoom) && documents.hasNext()) {
            add(submit(documents.next()));
        }
        return !line.isEmpty();
    }

    /** Waits until one more document may be submitted, which gives true, or the first in the queue is done. */
    private boolean awaitRoom() throws InterruptedException {
        synchronized (line) {
            while (line.size() >= LOOK_AHEAD) {
                if (line.element().result().isDone()) {
                    return false;
                }
                if (unfinished < LOOK_AHEAD && line.size() < MAX_IN_LINE && keptBytes < MAX_KEPT_BYTES) {
                    return true;
                }
                line.wait();
            }
            return true;
        }
    }

    private Pending<T> submit(Row row) {
        if (model == null) {
            ThreadBudget threads = ThreadBudget.ofThisExecutor();
            model = watch.await(() -> ExecutorModels.shared().acquire(function.loader(), threads));
        }
        List<Object> kept = new ArrayList<>(row.length() - InputColumns.KEPT);
        for (int i = InputColumns.KEPT; i < row.length(); i++) {
            kept.add(row.get(i));
        }
        String id = String.valueOf(row.get(InputColumns.DOCUMENT_ID));
        DocumentTask<T> task = model.task();
        Origin origin = new Origin(kept, task.model(), function.fingerprint().of(row, task.model(), task.basis()));
        return new Pending<>(id, origin, SizeEstimator.estimate(kept), result(id, row));
    }

    private CompletableFuture<DocumentResult<T>> result(String id, Row row) {
        try {
            FileFailure.throwIfAny(row.getAs(InputColumns.READING_FAILURE));
            String text = ColumnText.TEXT.of(row.getAs(InputColumns.TEXT));
            byte[] question = row.getAs(InputColumns.QUESTION);
            Document document =
                    new Document(id, text, Optional.ofNullable(question).map(ColumnText.QUESTION::of));
            return watch.await(() -> model.task().submit(document));
        } catch (DocumentException e) {
            return CompletableFuture.completedFuture(failure(e));
        }
    }

    private void add(Pending<T> document) {
        synchronized (line) {
            line.add(document);
            unfinished++;
            keptBytes += document.keptBytes();
            if (cancelled) {
                document.result().cancel(/* mayInterruptIfRunning */ true);
            }
        }
        CompletableFuture<DocumentResult<T>> unused = document.result().whenComplete((result, failure) -> finished());
    }

    private void finished() {
        synchronized (line) {
            unfinished--;
            line.notifyAll();
        }
    }

    /** Waits for the first document in the queue; null if its row is dropped. */
    private Row takeFirst() {
        Pending<T> first = line.element();
        DocumentResult<T> result = await(first); // it stays in the queue meanwhile, where a cancellation finds it
        synchronized (line) {
            line.remove();
            keptBytes -= first.keptBytes();
        }
        if (result instanceof Success<T> success) {
            function.progress()
                    .addSuccess(success.inputTokens(), function.columns().outputTokens(success.output()));
            return ResultSchema.successRow(first.origin(), function.columns(), success);
        }
        function.progress().addError();
        DocumentError error = ((Failure<T>) result).error();
        return switch (function.onError()) {
            case PERMISSIVE -> ResultSchema.errorRow(first.origin(), function.columns(), error);
            case DROPMALFORMED -> null;
            case FAILFAST ->
                throw new DocumentException(
                        error.kind(),
                        "Cannot process document " + first.id() + " (" + error.kind() + "): " + error.message()
                                + "; with --on-error permissive it becomes a row with an error");
        };
    }

    private DocumentResult<T> await(Pending<T> document) {
        try {
            return watch.await(() -> document.result().get());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof DocumentException ofDocument) {
                return failure(ofDocument);
            }
            model.markBroken(); // its engine may have died, and this executor may live for long
            if (cause instanceof VirtualMachineError fatal) {
                throw fatal; // Spark ends the executor for these
            }
            String message = "Cannot process document " + document.id() + ": " + cause;
            throw cause instanceof UserException
                    ? new UserException(cause.getMessage(), cause)
                    : new IllegalStateException(message, cause);
        }
    }

    private static <T> DocumentResult<T> failure(DocumentException e) {
        return new Failure<>(new DocumentError(e.kind(), e.getMessage()));
    }

    private void cancelPending() {
        synchronized (line) {
            cancelled = true;
            line.forEach(document -> document.result().cancel(/* mayInterruptIfRunning */ true));
        }
    }

    @Override
    public void close() {
        watch.close();
        cancelPending();
        if (model != null) {
            model.close();
        }
    }
}
