package io.github.longwing.batching;

import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.WorkProgress;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Runs a model that gives its output in one pass, for classification, answers and embeddings. One thread starts all
 * native work, which runs on the threads of the sessions; documents are served round-robin.
 *
 * <p>Thread-safe: any number of threads submit. {@link #close} cancels what is under way and waits for the thread.
 */
public final class ForwardEngine implements AutoCloseable {
    private final FairQueue<Job<?>> waiting = new FairQueue<>();
    private final EngineThread thread = new EngineThread(this::runNext, this::failAll);

    private record Job<R>(Supplier<R> run, Cancellation cancellation, CompletableFuture<R> result) {
        void complete() {
            try {
                if (cancellation.isCancelled()) {
                    throw new CancellationException("the document was cancelled");
                }
                R output;
                WorkProgress.Part encoding = cancellation.progress().begin(WorkProgress.Stage.ENCODING);
                try (encoding) {
                    output = run.get();
                }
                result.complete(output);
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }

        void fail(Throwable failure) {
            result.completeExceptionally(failure);
        }
    }

    /** Starts the engine's thread; the caller closes the sessions, after the engine. */
    public ForwardEngine() {
        thread.start();
    }

    /**
     * Queues a run. The future fails with what the run throws, with a {@link CancellationException} where it was
     * cancelled.
     *
     * @param run native work, which ends early when it is cancelled
     */
    public <R> CompletableFuture<R> submit(FairnessKey document, Cancellation cancellation, Supplier<R> run) {
        thread.requireRunning("run the model");
        Job<R> job = new Job<>(run, cancellation, new CompletableFuture<>());
        waiting.add(document, job);
        if (thread.hasEnded()) { // since the check above
            job.fail(thread.end());
        }
        return job.result();
    }

    private void runNext() throws InterruptedException {
        Job<?> job = waiting.take();
        try {
            thread.beginNativeRun(job.cancellation());
            job.complete();
        } catch (RuntimeException | Error e) {
            job.fail(e); // which is in no queue any more
            throw e;
        }
    }

    private void failAll(Throwable failure) {
        waiting.drain().forEach(job -> job.fail(failure));
    }

    @Override
    public void close() {
        thread.close();
    }
}
