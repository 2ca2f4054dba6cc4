package io.github.longwing.spark.executor;

import io.github.longwing.task.DocumentTask;
import java.io.Serializable;

/**
 * Loads a model on an executor. Spark sends it to the executors, so it is small; equal loaders share one loaded model, so
 * it is a record.
 *
 * @param <T> the output of the task
 */
public interface TaskLoader<T> extends Serializable {

    /** Called once for each executor, however many tasks wait; all of them get what it throws. */
    DocumentTask<T> load(ThreadBudget threads);
}
