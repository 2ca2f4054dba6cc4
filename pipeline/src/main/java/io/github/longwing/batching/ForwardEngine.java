package io.github.longwing.batching;

import io.github.longwing.runtime.Cancellation;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Runs a model that gives its output at once, for classification, answers and embeddings. One thread does all native
 * work, with all the threads of the sessions behind it, and documents take turns.
 *
 * <p>Thread-safe: any number of threads submit. {@link #close} cancels what is under way and waits for the thread.
 */
public final class ForwardEngine implements AutoCloseable {
    private final FairQueue<Job<?>> waiting = new FairQueue<>();
    private final EngineThread thread = new EngineThread(this::work);

    private record Job<R>(Supplier<R> run, Cancellation cancellation, CompletableFuture<R> result) {
        void complete() {
            try {
                if (cancellation.isCancelled()) {
                    throw new CancellationException("the document was cancelled");
                }
                result.complete(run.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }

        void refuse() {
            result.completeExceptionally(EngineThread.closing());
        }
    }

    /** Starts the engine's thread; the sessions stay the caller's to close, after the engine. */
    public ForwardEngine() {
        thread.start();
    }

    /**
     * Puts a run in line. The future fails with what the run throws, with a {@link CancellationException} where it was
     * cancelled.
     *
     * @param run native work, which heeds the cancellation
     */
    public <R> CompletableFuture<R> submit(FairnessKey document, Cancellation cancellation, Supplier<R> run) {
        if (thread.isClosed()) {
            throw new IllegalStateException("Cannot run the model: it is closed");
        }
        Job<R> job = new Job<>(run, cancellation, new CompletableFuture<>());
        waiting.add(document, job);
        if (thread.isClosed()) {
            // since the check above: the engine's thread may have looked at the line for the last time
            job.refuse();
        }
        return job.result();
    }

    private void work() {
        try {
            while (!thread.isClosed()) {
                Job<?> job = waiting.take();
                thread.beginNativeRun(job.cancellation());
                job.complete();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.drain().forEach(Job::refuse);
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
