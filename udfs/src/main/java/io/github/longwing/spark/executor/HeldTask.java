package io.github.longwing.spark.executor;

import io.github.longwing.runtime.WorkProgress;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.ResultBasis;
import java.util.concurrent.CompletableFuture;

/** A task that keeps the files of its model in the cache for as long as it is open. */
record HeldTask<T>(DocumentTask<T> task, LocatedModel files) implements DocumentTask<T> {

    @Override
    public String model() {
        return task.model();
    }

    @Override
    public ResultBasis basis() {
        return task.basis();
    }

    @Override
    public CompletableFuture<DocumentResult<T>> submit(Document document) throws InterruptedException {
        return task.submit(document);
    }

    @Override
    public CompletableFuture<DocumentResult<T>> submit(Document document, WorkProgress progress)
            throws InterruptedException {
        return task.submit(document, progress);
    }

    @Override
    public void close() {
        try (files) {
            task.close();
        }
    }
}
