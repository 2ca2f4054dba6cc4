package io.github.longwing.batching;

import io.github.longwing.runtime.Cancellation;
import java.util.concurrent.CancellationException;

/**
 * The one thread that does the native work of an engine, and how it comes to an end.
 *
 * <p>Thread-safe; {@link #beginNativeRun} is the thread's own.
 */
final class EngineThread implements AutoCloseable {
    private final Thread thread;
    private volatile Cancellation running;
    private volatile boolean closed;

    /** @param work goes on until {@link #isClosed()} or an interrupt, and then ends all that waits */
    EngineThread(Runnable work) {
        this.thread = new Thread(work, "longwing-engine");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isClosed() {
        return closed;
    }

    /** Lets {@link #close} end the run that comes next. */
    void beginNativeRun(Cancellation cancellation) {
        running = cancellation;
        if (closed) { // close may have come too early to see it
            cancellation.cancel();
        }
    }

    /** What becomes of work that is not done when the engine closes. */
    static CancellationException closing() {
        return new CancellationException("the model was closed");
    }

    /** Ends the run under way and waits for the thread. */
    @Override
    public void close() {
        closed = true;
        Cancellation current = running;
        if (current != null) {
            current.cancel();
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
