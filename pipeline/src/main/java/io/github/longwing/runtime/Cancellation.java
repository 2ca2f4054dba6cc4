package io.github.longwing.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.concurrent.CancellationException;

/**
 * Lets one thread end the native run of another. ONNX Runtime checks it between two operations, a fraction of a second
 * apart even for the longest document. Thread-safe; it cannot be reset.
 */
public final class Cancellation {
    private final WorkProgress progress;
    private boolean cancelled;
    private OrtSession.RunOptions running;

    /** A native run with the options that {@link #cancel} changes. */
    interface NativeRun<T> {
        T run(OrtSession.RunOptions options) throws OrtException;
    }

    public Cancellation() {
        this(new WorkProgress());
    }

    /** @param progress of the document whose runs this ends */
    public Cancellation(WorkProgress progress) {
        this.progress = progress;
    }

    /** How far the work is that this ends. */
    public WorkProgress progress() {
        return progress;
    }

    /** Ends the run under way, and every later one at its start. */
    public synchronized void cancel() {
        cancelled = true;
        if (running != null) {
            try {
                running.setTerminate(true);
            } catch (OrtException e) {
                throw new IllegalStateException("Cannot end a native run", e);
            }
        }
    }

    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Runs, one run at a time; throws a {@link CancellationException} where it was ended. */
    <T> T run(NativeRun<T> nativeRun) throws OrtException {
        try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            begin(options);
            try {
                return nativeRun.run(options);
            } catch (OrtException e) {
                if (isCancelled()) {
                    throw cancellation(e);
                }
                throw e;
            } finally {
                end();
            }
        }
    }

    private synchronized void begin(OrtSession.RunOptions options) {
        if (cancelled) {
            throw new CancellationException("the run was cancelled before it began");
        }
        running = options;
    }

    private synchronized void end() {
        running = null;
    }

    private static CancellationException cancellation(OrtException cause) {
        CancellationException exception = new CancellationException("the run was cancelled");
        exception.initCause(cause);
        return exception;
    }
}
