package io.github.longwing.spark.executor;

import io.github.longwing.batching.MemoryPool;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.models.ModelLocator;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.Resources;
import java.io.Serializable;

/** Finds the files of a model on an executor and opens a task on them. */
public record ModelLoader<S extends Serializable, T>(SparkTask<S, T> task, ModelReference model, S options)
        implements TaskLoader<T> {

    /** What all models of this JVM share. */
    private static final MemoryPool MEMORY = new MemoryPool(0);

    @Override
    public DocumentTask<T> load(ThreadBudget threads) {
        MEMORY.resize(Resources.forModels(MemoryBudget.ofThisExecutor().bytes()));
        Resources resources = new Resources(threads.runtimeThreads(), MEMORY);
        LocatedModel files = ModelLocator.ofThisMachine().locate(model);
        try {
            return new HeldTask<>(task.open(files.directory(), options, resources), files);
        } catch (RuntimeException | Error e) {
            files.close();
            throw e;
        }
    }
}
