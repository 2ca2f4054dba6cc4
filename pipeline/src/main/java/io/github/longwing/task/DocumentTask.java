package io.github.longwing.task;

import io.github.longwing.runtime.WorkProgress;
import java.util.concurrent.CompletableFuture;

/**
 * A loaded model that does one task. Documents are submitted one by one and come back as futures; documents under way
 * at the same time share the steps of the decoder, yet no result depends on its neighbours.
 *
 * <p>Thread-safe: all task threads of an executor submit to one instance. A future completes normally for a document
 * that failed ({@link DocumentResult.Failure}) and exceptionally only for a bug or a broken machine.
 * {@code cancel} ends the document's native run within two seconds. {@link #close} cancels what is under way and releases
 * all native memory. Code that depends on a future may run on the thread of the engine, so it must be brief.
 *
 * @param <T> the output of the task
 */
public interface DocumentTask<T> extends AutoCloseable {

    /** Name and fingerprint of the model, as the result column {@code model} shows them. */
    String model();

    /** What its results depend on. */
    default ResultBasis basis() {
        return ResultBasis.TEXT;
    }

    /** Starts work on a document; may block while too many are in progress. */
    CompletableFuture<DocumentResult<T>> submit(Document document) throws InterruptedException;

    /** As the other {@code submit}, and tells how far the work is; a task that does not know counts from the start on. */
    default CompletableFuture<DocumentResult<T>> submit(Document document, WorkProgress progress)
            throws InterruptedException {
        WorkProgress.Part whole = progress.begin(WorkProgress.Stage.WORKING);
        CompletableFuture<DocumentResult<T>> result;
        try {
            result = submit(document);
        } catch (InterruptedException | RuntimeException | Error e) {
            whole.close();
            throw e;
        }
        CompletableFuture<DocumentResult<T>> unused = result.whenComplete((ended, failure) -> whole.close());
        return result;
    }

    @Override
    void close();
}
