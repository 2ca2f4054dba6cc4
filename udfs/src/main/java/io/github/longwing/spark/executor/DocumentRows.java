package io.github.longwing.spark.executor;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.ColumnText;
import io.github.longwing.spark.columns.FileFailure;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.ResultSchema.Origin;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.spark.executor.KillWatch.Woken;
import io.github.longwing.spark.executor.Pending.Fate;
import io.github.longwing.spark.options.EqualTexts;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.Isolation.Care;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentError;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentResult.Failure;
import io.github.longwing.task.DocumentResult.Success;
import io.github.longwing.task.DocumentTask;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SizeEstimator;

/**
 * The result rows of one partition, computed lazily. A few documents are submitted to the model ahead of the next row, so
 * that they share its runs; rows keep the order of the input. While a long document blocks the rows behind it, further
 * documents are submitted in place of the finished ones.
 *
 * <p>A careful task runs one document at a time, alone in its executor, and marks it first; see {@link Isolation}. A document
 * that exceeds the time limit becomes an error row; if its native run does not end, a careful task goes on with a new copy
 * of the model, and any other one fails, so that the next attempt is careful. A stopped task gives up what is under way,
 * gives the rows of all finished documents, and ends.
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

    /** How long a stopped task may count the documents that it did not take up. */
    private static final Duration MAX_COUNTING = Duration.ofSeconds(5);

    /** Turns of the watch, 50 ms each, between two looks at the oldest document. */
    private static final int TURNS_PER_LOOK = 10;

    private final DocumentFunction<T> function;
    private final Iterator<Row> documents;
    private final TaskContext context;
    private final Isolation isolation;

    /** Empty unless this task is careful. */
    private final Optional<Markers> markers;

    /**
     * In the order of the input, the finished ones too. Guards itself and the fields below, since results and
     * {@link #cancelPending} come from other threads, and is notified of every result and every decision.
     */
    private final Queue<Pending<T>> line = new ArrayDeque<>();

    /** The one that is on its way into the line; null for none. */
    private Pending<T> submitting;

    /** The last one that was computed by itself; null before it. */
    private Pending<T> computed;

    /** Those that exceeded the time limit and may still run. */
    private final List<Pending<T>> ending = new ArrayList<>();

    private long keptBytes;
    private boolean cancelled;
    private boolean stopped;

    /** Why the model is of no use any more; null while it is well. */
    private String stuck;

    /** Null before the first document: an empty partition needs no model. */
    private ExecutorModels.Lease<T> model;

    private int turns;
    private boolean ended;
    private long left;
    private Row next;
    private final KillWatch watch;

    /**
     * The result rows of a partition.
     *
     * @param context null on the driver, where Spark evaluates constants
     */
    public DocumentRows(DocumentFunction<T> function, Iterator<Row> documents, TaskContext context) {
        this.function = function;
        this.documents = documents;
        this.context = context;
        this.isolation = function.isolation();
        boolean careful = isolation.care() == Care.ALWAYS
                || (context != null
                        && (context.attemptNumber() > 0 || context.partitionId() < isolation.carefulPartitions()));
        this.markers = Optional.ofNullable(isolation.markers())
                .filter(directory -> careful)
                .map(Markers::new);
        this.stopped = Stops.isSet(function.stop());
        this.watch = new KillWatch(context, this::cancelPending, this::lookAfter);
    }

    /** The documents that a stopped task left out; complete once there is no further row. */
    public long left() {
        return left;
    }

    @Override
    public boolean hasNext() {
        while (next == null && lookAhead()) {
            next = takeFirst();
        }
        if (next == null) {
            end();
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
        while (mayTake() && documents.hasNext()) {
            take(documents.next());
        }
        return !line.isEmpty();
    }

    private boolean mayTake() {
        while (true) {
            synchronized (line) {
                requireWell();
                if (stopped || ended) {
                    return false;
                }
            }
            try {
                return watch.await(this::awaitRoom);
            } catch (Woken e) {
                // stopped, or the model is of no use any more
            }
        }
    }

    /** Waits until one more document may be submitted, which gives true, or the first in the queue is done. */
    private boolean awaitRoom() throws InterruptedException {
        int ahead = markers.isPresent() ? 1 : LOOK_AHEAD;
        synchronized (line) {
            while (line.size() >= ahead) {
                // counted first: results come at any time, and a careful task must not take a second document
                long unfinished = line.stream()
                        .filter(document -> !document.isSettled() && !document.isCopy)
                        .count();
                if (line.element().isSettled()) {
                    return false;
                }
                if (unfinished < ahead && line.size() < MAX_IN_LINE && keptBytes < MAX_KEPT_BYTES) {
                    return true;
                }
                line.wait();
            }
            return true;
        }
    }

    private void take(Row row) {
        Pending<T> document;
        try {
            document = pending(row);
        } catch (Woken e) { // stopped before it was begun
            left++;
            return;
        }
        try {
            submit(document, row);
        } catch (Woken e) {
            takeWoken(document);
        } catch (VirtualMachineError e) {
            document.blame(e);
            throw e;
        } catch (RuntimeException | Error e) {
            document.release();
            throw e;
        }
    }

    /** Stopped on its way to the model, or cut off by the time limit, which becomes a row. */
    private void takeWoken(Pending<T> document) {
        synchronized (line) {
            submitting = null;
            if (document.fate() == Fate.TIMED_OUT) {
                document.result = new CompletableFuture<>();
                document.cancel();
                line.add(document);
                keptBytes += document.keptBytes;
                return;
            }
        }
        document.release();
        left++;
    }

    private Pending<T> pending(Row row) {
        DocumentTask<T> task = model().task();
        List<Object> kept = new ArrayList<>(row.length() - InputColumns.KEPT);
        for (int i = InputColumns.KEPT; i < row.length(); i++) {
            kept.add(row.get(i));
        }
        String id = String.valueOf(row.get(InputColumns.DOCUMENT_ID));
        String fingerprint = function.fingerprint().of(row, task.model(), task.basis());
        Origin origin = new Origin(kept, TextPages.of(row), task.model(), fingerprint);
        return new Pending<>(id, origin, SizeEstimator.estimate(kept));
    }

    private ExecutorModels.Lease<T> model() {
        synchronized (line) {
            if (model != null) {
                return model;
            }
        }
        ThreadBudget threads = ThreadBudget.ofThisExecutor();
        ExecutorModels.Lease<T> lease =
                watch.await(() -> ExecutorModels.shared().acquire(function.loader(), threads));
        synchronized (line) {
            model = lease;
        }
        return lease;
    }

    private void submit(Pending<T> document, Row row) {
        CompletableFuture<DocumentResult<T>> result;
        try {
            FileFailure.throwIfAny(row.getAs(InputColumns.READING_FAILURE));
            String text = ColumnText.TEXT.of(row.getAs(InputColumns.TEXT));
            byte[] question = row.getAs(InputColumns.QUESTION);
            Document read = new Document(
                    document.id, text, Optional.ofNullable(question).map(ColumnText.QUESTION::of));
            if (isComputed(document)) {
                document.isCopy = true;
                add(document, copyFor(document));
                return;
            }
            Optional<DocumentError> earlier = awaitTurn(document);
            result = earlier.isPresent()
                    ? CompletableFuture.completedFuture(new Failure<>(earlier.get()))
                    : run(document, read);
        } catch (DocumentException e) {
            result = CompletableFuture.completedFuture(failure(e));
        }
        add(document, result);
    }

    private boolean isComputed(Pending<T> document) {
        return function.equalTexts() == EqualTexts.ONCE
                && computed != null
                && computed.origin.fingerprint().equals(document.origin.fingerprint());
    }

    /** The result of the document that was computed last, for one with the same text. */
    private CompletableFuture<DocumentResult<T>> copyFor(Pending<T> document) {
        Pending<T> original = computed;
        CompletableFuture<DocumentResult<T>> copy = new CompletableFuture<>();
        synchronized (line) {
            if (original.fate() == Fate.TIMED_OUT) { // its native run may not have ended, and never will
                copy.complete(new Failure<>(of(document, original, overdue(original, ""))));
                return copy;
            }
        }
        CompletableFuture<DocumentResult<T>> unused = original.result.whenComplete((result, failure) -> {
            if (failure == null) {
                copy.complete(
                        result instanceof Failure<T> failed
                                ? new Failure<>(of(document, original, failed.error()))
                                : result);
            } else if (failure instanceof CancellationException) {
                synchronized (line) { // else both are given back, or the task is cancelled
                    if (original.fate() == Fate.TIMED_OUT) {
                        copy.complete(new Failure<>(of(document, original, overdue(original, ""))));
                    }
                }
            } else {
                copy.completeExceptionally(failure);
            }
        });
        return copy;
    }

    private static DocumentError of(Pending<?> document, Pending<?> original, DocumentError error) {
        return new DocumentError(
                error.kind(),
                "Cannot process document " + document.id + ", whose text is that of document " + original.id + ": "
                        + error.message());
    }

    /** Waits for the document's turn, and marks it where it runs alone; gives how an earlier run of it ended. */
    private Optional<DocumentError> awaitTurn(Pending<T> document) {
        Places places = Places.ofThisJvm();
        if (markers.isEmpty()) {
            document.place = watch.await(places::takeOne);
            return Optional.empty();
        }
        document.place = watch.await(places::takeAll);
        String hash = Markers.hash(document.id, document.origin.fingerprint());
        Marker marker = Marker.of(document.id, context);
        Markers.Earlier earlier = watch.await(() -> markers.get().find(hash, marker));
        if (earlier.error().isEmpty()) {
            document.marker = markers.get().write(hash, marker.afterDeaths(earlier.deaths()));
        }
        return earlier.error();
    }

    private CompletableFuture<DocumentResult<T>> run(Pending<T> document, Document read) {
        DocumentTask<T> task = model().task();
        synchronized (line) {
            submitting = document;
        }
        return watch.await(() -> task.submit(read, document.progress));
    }

    private void add(Pending<T> document, CompletableFuture<DocumentResult<T>> result) {
        synchronized (line) {
            submitting = null;
            document.result = result;
            line.add(document);
            keptBytes += document.keptBytes;
            if (!document.isCopy) {
                computed = document;
            }
            if (cancelled || document.fate() != Fate.OPEN) {
                document.cancel();
            }
        }
        CompletableFuture<DocumentResult<T>> unused = result.whenComplete((ended, failure) -> finished(document));
    }

    private void finished(Pending<T> document) {
        if (markers.isEmpty()) {
            document.giveBackPlace();
        }
        synchronized (line) {
            line.notifyAll();
        }
    }

    /** Waits for the first document in the queue; null if its row is dropped. */
    private Row takeFirst() {
        Pending<T> first = line.element();
        Optional<DocumentResult<T>> result =
                await(first); // it stays in the queue meanwhile, where a cancellation finds it
        synchronized (line) {
            line.remove();
            keptBytes -= first.keptBytes;
        }
        first.release();
        if (result.isEmpty()) {
            left++;
            return null;
        }
        if (result.get() instanceof Success<T> success) {
            if (first.isCopy) {
                function.progress().addCopy();
            } else {
                function.progress()
                        .addSuccess(success.inputTokens(), function.columns().outputTokens(success.output()));
            }
            return ResultSchema.successRow(first.origin, function.columns(), success);
        }
        function.progress().addError();
        DocumentError error = ((Failure<T>) result.get()).error();
        return switch (function.onError()) {
            case PERMISSIVE -> ResultSchema.errorRow(first.origin, function.columns(), error);
            case DROPMALFORMED -> null;
            case FAILFAST ->
                throw new DocumentException(
                        error.kind(),
                        "Cannot process document " + first.id + " (" + error.kind() + "): " + error.message()
                                + "; with --on-error permissive it becomes a row with an error");
        };
    }

    /** The result of a document; empty if it was given back. */
    private Optional<DocumentResult<T>> await(Pending<T> document) {
        awaitUntil(() -> document.isSettled() || stuck != null);
        Fate fate;
        synchronized (line) {
            fate = document.fate();
            if (!document.isSettled()) {
                requireWell();
            }
        }
        return switch (fate) {
            case OPEN -> Optional.of(result(document));
            case GIVEN_BACK -> Optional.empty();
            case TIMED_OUT -> Optional.of(new Failure<>(timeout(document)));
        };
    }

    private DocumentResult<T> result(Pending<T> document) {
        try {
            return watch.await(() -> document.result.get());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof DocumentException ofDocument) {
                return failure(ofDocument);
            }
            model().markBroken(); // its engine may have died, and this executor may live for long
            if (cause instanceof VirtualMachineError fatal) {
                document.blame(fatal);
                throw fatal; // Spark ends the executor for these
            }
            String message = "Cannot process document " + document.id + ": " + cause;
            throw cause instanceof UserException
                    ? new UserException(cause.getMessage(), cause)
                    : new IllegalStateException(message, cause);
        }
    }

    private DocumentError timeout(Pending<T> document) {
        String state = "";
        if (markers.isPresent()) {
            awaitUntil(() -> !ending.contains(document) || stuck != null);
            if (replaceStuckModel()) {
                state = ", and its native run did not end when it was told to";
            }
        }
        return overdue(document, state);
    }

    private DocumentError overdue(Pending<T> document, String state) {
        return new DocumentError(
                DocumentException.Kind.Timeout,
                "Cannot process document " + document.id + ": the model worked on it for more than "
                        + isolation.documentTimeout().toMillis() / 1000.0 + " s, expected less" + state
                        + "; raise --document-timeout if it needs more");
    }

    /** Goes on without a model whose native code does not end, which a careful task can, since it knows the document. */
    private boolean replaceStuckModel() {
        ExecutorModels.Lease<T> old;
        synchronized (line) {
            if (stuck == null) {
                return false;
            }
            old = model;
            model = null;
            stuck = null;
            ending.clear();
        }
        old.abandon();
        old.close();
        return true;
    }

    private interface Condition {
        boolean holds();
    }

    private void awaitUntil(Condition condition) {
        while (true) {
            try {
                boolean unused = watch.await(() -> {
                    synchronized (line) {
                        while (!condition.holds()) {
                            line.wait();
                        }
                        return true;
                    }
                });
                return;
            } catch (Woken e) {
                // the condition may hold now
            }
        }
    }

    private static <T> DocumentResult<T> failure(DocumentException e) {
        return new Failure<>(new DocumentError(e.kind(), e.getMessage()));
    }

    /** A turn of the watch's thread: looks at the stop signal and at the documents under way. */
    private void lookAfter() {
        boolean stop = Stops.isSet(function.stop());
        synchronized (line) {
            if (cancelled) {
                return;
            }
            if (stop) {
                stopped = true;
                underWay().forEach(document -> document.end(Fate.GIVEN_BACK));
            }
            if (isolation.documentTimeout() != null) {
                endLateDocuments();
            }
            if (stuck == null && model != null && model.isAbandoned()) {
                stuck = "the native run of a document of another task does not end";
            }
            boolean cutOff = submitting != null && submitting.fate() != Fate.OPEN;
            if (stopped || stuck != null || cutOff) {
                watch.wake();
            }
            line.notifyAll();
            if (turns++ % TURNS_PER_LOOK == 0) {
                function.progress().show(underWay().findFirst().map(Pending::inFlight));
            }
        }
    }

    private void endLateDocuments() {
        List<Pending<T>> late = underWay()
                .filter(document -> document.isLate(isolation.documentTimeout()))
                .toList();
        late.forEach(document -> document.end(Fate.TIMED_OUT));
        ending.addAll(late);
        ending.removeIf(document -> !document.isStillRunning());
        ending.stream()
                .filter(document -> document.isStuck(isolation.grace()))
                .findFirst()
                .ifPresent(document -> stuck = "the native run of document " + document.id + " exceeded the time limit"
                        + " and did not end within " + isolation.grace().toSeconds() + " s after it was told to");
    }

    private Stream<Pending<T>> underWay() {
        return Stream.concat(line.stream(), Stream.ofNullable(submitting)).filter(document -> !document.isSettled());
    }

    /** Fails where the model is of no use any more, unless this task knows how to go on. */
    private void requireWell() {
        if (stuck == null || (markers.isPresent() && !ending.isEmpty())) {
            return;
        }
        if (!ending.isEmpty()) {
            model.abandon();
        }
        throw new IllegalStateException(
                "Cannot go on with this model: " + stuck + "; the next attempt of this task loads it again");
    }

    /** After the last row: no document may be left with a native run that does not end, and those left out are counted. */
    private void end() {
        if (ended) {
            return;
        }
        boolean wasStopped;
        synchronized (line) {
            wasStopped = stopped;
        }
        if (wasStopped) {
            countRest();
        } else if (!cancelled) {
            awaitUntil(() -> ending.isEmpty() || stuck != null || stopped || cancelled);
            synchronized (line) {
                requireWell();
            }
        }
        ended = true;
        function.progress().addLeft(left);
        close();
    }

    private void countRest() {
        long end = System.nanoTime() + MAX_COUNTING.toNanos();
        while (System.nanoTime() < end && documents.hasNext()) {
            Row unused = documents.next();
            left++;
        }
    }

    private void cancelPending() {
        synchronized (line) {
            cancelled = true;
            line.forEach(Pending::cancel);
            line.notifyAll();
        }
    }

    @Override
    public void close() {
        watch.close();
        cancelPending();
        List<Pending<T>> pending;
        synchronized (line) {
            pending = List.copyOf(line);
        }
        try {
            pending.forEach(Pending::release);
        } finally {
            function.progress().show(Optional.empty());
            if (model != null) {
                model.close();
            }
        }
    }
}
