package io.github.longwing.task;

import io.github.longwing.error.DocumentException;
import io.github.longwing.runtime.Cancellation;
import java.util.concurrent.CompletableFuture;

/**
 * What one task does with a document, and the engine that it does it on; all else about a task is in {@link LoadedTask}.
 * Thread-safe.
 *
 * @param <T> the output of the task
 */
public interface DocumentWork<T> extends AutoCloseable {

    /** Starts the work; a {@link DocumentException}, thrown or in the future, is the document's own failure. */
    CompletableFuture<DocumentResult.Success<T>> begin(Document document, Cancellation cancellation);

    /** What its results depend on. */
    default ResultBasis basis() {
        return ResultBasis.TEXT;
    }

    /** Closes the engine: cancels what is under way and waits for its thread. */
    @Override
    void close();
}
