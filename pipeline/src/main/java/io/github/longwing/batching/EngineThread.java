package io.github.longwing.batching;

import io.github.longwing.runtime.Cancellation;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * The one thread that does the native work of an engine. It ends when the engine is closed, or when its work throws what
 * no document is to blame for; either way all jobs fail, and no new ones are accepted.
 *
 * <p>Thread-safe; {@link #beginNativeRun} is for the thread itself.
 */
final class EngineThread implements AutoCloseable {
    private final Thread thread;
    private final Work work;
    private final Consumer<Throwable> failAll;
    private volatile Cancellation running;
    private volatile boolean closed;
    private volatile Throwable failure; // null while the thread is well

    /** A part of the engine's work, repeated until the end. */
    interface Work {
        void run() throws InterruptedException;
    }

    /** @param failAll fails all jobs that are waiting or under way; runs in the thread, at its end */
    EngineThread(Work work, Consumer<Throwable> failAll) {
        this.work = work;
        this.failAll = failAll;
        this.thread = new Thread(this::run, "longwing-engine");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                work.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        } catch (RuntimeException | Error e) {
            failure = e; // before the jobs fail, so that none is accepted after them
        } finally {
            failAll.accept(end());
        }
    }

    /** Whether the thread has ended, or is about to: a job added since may never be looked at. */
    boolean hasEnded() {
        return closed || failure != null;
    }

    /** Why jobs fail once the thread has ended. */
    Throwable end() {
        Throwable cause = failure;
        return cause == null
                ? new CancellationException("the model was closed")
                : new IllegalStateException("the engine of the model has failed: " + cause, cause);
    }

    /**
     * Refuses new jobs once the thread has ended.
     *
     * @param verb what the engine does, for the message
     */
    void requireRunning(String verb) {
        if (failure != null) {
            throw new IllegalStateException(
                    "Cannot " + verb + ": the engine of the model has failed (" + failure + "), expected a running one;"
                            + " open the model again",
                    failure);
        }
        if (closed) {
            throw new IllegalStateException("Cannot " + verb + ": the model is closed");
        }
    }

    /** Lets {@link #close} end the run that comes next. */
    void beginNativeRun(Cancellation cancellation) {
        running = cancellation;
        if (closed) { // close may have come too early to see it
            cancellation.cancel();
        }
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
