package io.github.longwing.spark;

/**
 * How an executor's cores are shared out.
 *
 * @param cores what the executor may use
 * @param concurrentTasks how many tasks run at the same time
 * @param runtimeThreads threads for ONNX Runtime's pool, which all tasks share
 */
public record ThreadBudget(int cores, int concurrentTasks, int runtimeThreads) {

    static ThreadBudget of(int cores, int taskCpus) {
        int concurrentTasks = Math.max(1, cores / taskCpus);
        // a thread that waits for its run works in the pool too, so the pool needs one less than it looks
        return new ThreadBudget(cores, concurrentTasks, Math.max(1, cores - concurrentTasks + 1));
    }
}
