package io.github.longwing.task;

import io.github.longwing.error.DocumentException;
import io.github.longwing.runtime.Cancellation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What a task does for one document. */
public interface DocumentWork<T> {

    /** Starts the work; a {@link DocumentException}, now or later, is the document's own failure. */
    CompletableFuture<DocumentResult.Success<T>> begin(Cancellation cancellation);

    /** Starts the work and makes its failure a result. */
    static <T> CompletableFuture<DocumentResult<T>> submit(DocumentWork<T> work) {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<DocumentResult<T>> result;
        try {
            result = work.begin(cancellation)
                    .<DocumentResult<T>>thenApply(success -> success)
                    .exceptionally(DocumentWork::failureOrThrow);
        } catch (DocumentException e) {
            result = CompletableFuture.completedFuture(failure(e));
        }
        // however it ended, by a cancel() too, nobody waits for windows that are still under way
        CompletableFuture<DocumentResult<T>> unused = result.whenComplete((ended, failure) -> cancellation.cancel());
        return result;
    }

    private static <T> DocumentResult<T> failureOrThrow(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof DocumentException e) {
            return failure(e);
        }
        throw new CompletionException(cause);
    }

    private static <T> DocumentResult<T> failure(DocumentException e) {
        return new DocumentResult.Failure<>(new DocumentError(e.kind(), e.getMessage()));
    }
}
