package io.github.longwing.spark;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentError;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentResult.Failure;
import io.github.longwing.task.DocumentResult.Success;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;

/**
 * The result rows of one partition, made as they are asked for. A few documents are with the model ahead of the one
 * that comes next, so that they share its runs; results keep the order of the input.
 *
 * <p>Belongs to the task's thread. Closing it, at the end of the task whatever that is, cancels what is pending and
 * gives the model back.
 */
final class DocumentRows<T> implements Iterator<Row>, AutoCloseable {
    /** Enough for the decoder to fill its batch from one partition, and little to lose with a task. */
    static final int LOOK_AHEAD = 8;

    private final DocumentFunction<T> function;
    private final Iterator<Row> documents;
    private final KillWatch watch;

    /** Guarded by itself, since {@link #cancelPending} comes from other threads. */
    private final Queue<Pending<T>> pending = new ArrayDeque<>();

    /** Guarded by pending. */
    private boolean cancelled;

    /** Null before the first document: an empty partition needs no model. */
    private ExecutorModels.Lease<T> model;

    private Row next;

    private record Pending<T>(String id, List<Object> kept, Future<DocumentResult<T>> result) {}

    /** @param context null on the driver, where Spark evaluates constants */
    DocumentRows(DocumentFunction<T> function, Iterator<Row> documents, TaskContext context) {
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

    /** Gives the model as many documents as it may have; false when there is none left. */
    private boolean lookAhead() {
        while (pending.size() < LOOK_AHEAD && documents.hasNext()) {
            add(submit(documents.next()));
        }
        return !pending.isEmpty();
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
        return new Pending<>(id, kept, result(id, row));
    }

    private Future<DocumentResult<T>> result(String id, Row row) {
        try {
            ReadingFailure.throwIfAny(row.getAs(InputColumns.READING_FAILURE));
            Document document = new Document(id, ColumnText.of(row.getAs(InputColumns.TEXT)));
            return watch.await(() -> model.task().submit(document));
        } catch (DocumentException e) {
            return CompletableFuture.completedFuture(failure(e));
        }
    }

    private void add(Pending<T> document) {
        synchronized (pending) {
            pending.add(document);
            if (cancelled) {
                document.result().cancel(/* mayInterruptIfRunning */ true);
            }
        }
    }

    /** Waits for the document that is first in line; null where its row is dropped. */
    private Row takeFirst() {
        Pending<T> first = pending.element();
        DocumentResult<T> result = await(first); // still in line meanwhile, where a cancellation finds it
        synchronized (pending) {
            pending.remove();
        }
        if (result instanceof Success<T> success) {
            function.progress()
                    .addSuccess(success.inputTokens(), function.columns().outputTokens(success.output()));
            return ResultSchema.successRow(
                    first.kept(), function.columns(), model.task().model(), success);
        }
        function.progress().addError();
        DocumentError error = ((Failure<T>) result).error();
        return switch (function.onError()) {
            case PERMISSIVE ->
                ResultSchema.errorRow(
                        first.kept(), function.columns(), model.task().model(), error);
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
            model.distrust(); // its engine may be gone, and this executor may live for long
            if (cause instanceof VirtualMachineError fatal) {
                throw fatal; // Spark gives up an executor for these
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
        synchronized (pending) {
            cancelled = true;
            pending.forEach(document -> document.result().cancel(/* mayInterruptIfRunning */ true));
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
