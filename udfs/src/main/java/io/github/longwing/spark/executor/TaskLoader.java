package io.github.longwing.spark.executor;

import io.github.longwing.task.DocumentTask;
import java.io.Serializable;

/**
 * Loads a model on an executor. It travels to the executors, so it is small; loaders that are equal share one loaded
 * model, so it is a record.
 *
 * @param <T> the output of the task
 */
public interface TaskLoader<T> extends Serializable {

    /** Called once for each executor, however many tasks wait; what it throws reaches all of them. */
    DocumentTask<T> load(ThreadBudget threads);
}
