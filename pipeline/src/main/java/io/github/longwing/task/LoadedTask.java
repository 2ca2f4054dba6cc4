package io.github.longwing.task;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.Passes;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.WorkProgress;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** A task with its model open: what all tasks have in common. */
public final class LoadedTask<T> implements DocumentTask<T> {
    private final TaskModel model;
    private final DocumentWork<T> work;

    private LoadedTask(TaskModel model, DocumentWork<T> work) {
        this.model = model;
        this.work = work;
    }

    /**
     * Opens a model directory and starts the work on it.
     *
     * @param resources what the model may use
     * @param verb what the task does, for messages: summarize, classify, ...
     * @param passes what the task computes
     * @param start makes the work of the model, which stays open until the work is closed
     * @throws UserException if the directory is incomplete or damaged, or an option does not fit the model
     */
    public static <T> LoadedTask<T> open(
            Path modelDirectory,
            Resources resources,
            String verb,
            Set<Architecture> architectures,
            Passes passes,
            Function<TaskModel, DocumentWork<T>> start) {
        TaskModel model = TaskModel.open(modelDirectory, resources, verb, architectures, passes);
        try {
            return new LoadedTask<>(model, start.apply(model));
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    @Override
    public String model() {
        return model.label();
    }

    @Override
    public ResultBasis basis() {
        return work.basis();
    }

    @Override
    public CompletableFuture<DocumentResult<T>> submit(Document document) {
        return submit(document, new WorkProgress());
    }

    @Override
    public CompletableFuture<DocumentResult<T>> submit(Document document, WorkProgress progress) {
        Cancellation cancellation = new Cancellation(progress);
        CompletableFuture<DocumentResult<T>> result;
        WorkProgress.Part tokenizing = progress.begin(WorkProgress.Stage.TOKENIZING);
        try (tokenizing) {
            result = work.begin(document, cancellation)
                    .<DocumentResult<T>>thenApply(success -> success)
                    .exceptionally(LoadedTask::failureOrThrow);
        } catch (DocumentException e) {
            result = CompletableFuture.completedFuture(failure(e));
        }
        // on every outcome, a cancel() too: the results of windows in progress are not needed any more
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

    @Override
    public void close() {
        try {
            work.close();
        } finally {
            model.close();
        }
    }
}
