package io.github.longwing.spark.executor;

import io.github.longwing.error.DocumentException;
import io.github.longwing.runtime.WorkProgress;
import io.github.longwing.spark.columns.ResultSchema.Origin;
import io.github.longwing.spark.progress.InFlight;
import io.github.longwing.task.DocumentResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A document that a task has taken up, until its row is made. Guarded by the lock of its {@link DocumentRows}, but for what
 * {@link #release} holds, which belongs to the task's thread.
 */
final class Pending<T> {
    final String id;
    final Origin origin;
    final long keptBytes;
    final WorkProgress progress = new WorkProgress();
    private final long since = System.nanoTime();

    /** Completed by the model; null while the document is submitted. */
    CompletableFuture<DocumentResult<T>> result;

    private Fate fate = Fate.OPEN;
    private long ended;

    /** Whether its result is that of a document before it. */
    boolean isCopy;

    /** Null before its turn. */
    Places.Place place;

    /** Null for a document that does not run alone. */
    Markers.Held marker;

    /** What the task decided, whatever the result will be. */
    enum Fate {
        OPEN,
        TIMED_OUT,
        GIVEN_BACK
    }

    Pending(String id, Origin origin, long keptBytes) {
        this.id = id;
        this.origin = origin;
        this.keptBytes = keptBytes;
    }

    Fate fate() {
        return fate;
    }

    /** Whether nobody needs to wait for it any more. */
    boolean isSettled() {
        return fate != Fate.OPEN || (result != null && result.isDone());
    }

    /** Decides on a document that is not settled, and cancels its run. */
    void end(Fate decided) {
        fate = decided;
        ended = System.nanoTime();
        cancel();
    }

    void cancel() {
        if (result != null) {
            result.cancel(/* mayInterruptIfRunning */ true);
        }
    }

    boolean isLate(Duration limit) {
        return progress.worked().compareTo(limit) > 0;
    }

    /** Whether its run goes on, although it was cancelled. */
    boolean isStillRunning() {
        return result == null || !result.isDone() || progress.isUnderWay();
    }

    /** Whether it goes on for longer than native code may take to end. */
    boolean isStuck(Duration grace) {
        return isStillRunning() && System.nanoTime() - ended > grace.toNanos();
    }

    InFlight inFlight() {
        return new InFlight(id, Duration.ofNanos(System.nanoTime() - since), progress.words());
    }

    /** The document did no harm: removes its marker and lets others run. */
    void release() {
        try {
            if (marker != null) {
                Markers.Held held = marker;
                marker = null;
                held.remove();
            }
        } finally {
            giveBackPlace();
        }
    }

    void giveBackPlace() {
        if (place != null) {
            place.giveBack();
        }
    }

    /** The document ends this process, as Spark does for such errors. */
    void blame(VirtualMachineError error) {
        if (marker != null) {
            marker.blame(
                    error instanceof OutOfMemoryError
                            ? DocumentException.Kind.Killed
                            : DocumentException.Kind.NativeCrash,
                    error);
            marker = null;
        }
    }
}
