package io.github.longwing.spark.executor;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * How the cores of an executor are divided.
 *
 * @param cores that the executor may use
 * @param concurrentTasks how many tasks run at the same time
 * @param runtimeThreads threads for ONNX Runtime's pool, which all tasks share
 */
public record ThreadBudget(int cores, int concurrentTasks, int runtimeThreads) {
    /** {@code local[4]}, {@code local[4,2]} (failures) and {@code local-cluster[2,4,1024]} (workers, cores, memory). */
    private static final Pattern LOCAL = Pattern.compile("local(?:-cluster\\[\\s*\\d+\\s*,|\\[)\\s*(\\d+).*");

    /**
     * Concurrent tasks by cores and {@code spark.task.cpus}, and a thread of ONNX Runtime for every core of theirs: the
     * tasks themselves only wait while the engine that they share runs.
     */
    public static ThreadBudget of(int cores, int taskCpus) {
        int concurrentTasks = Math.max(1, cores / taskCpus);
        return new ThreadBudget(cores, concurrentTasks, Math.min(cores, concurrentTasks * taskCpus));
    }

    /** The budget of the executor that runs the current task; of the whole machine outside of Spark. */
    static ThreadBudget ofThisExecutor() {
        int processors = Runtime.getRuntime().availableProcessors();
        SparkEnv env = SparkEnv.get();
        if (env == null) {
            return of(processors, 1);
        }
        SparkConf conf = env.conf();
        TaskContext context = TaskContext.get();
        int taskCpus = context == null ? conf.getInt("spark.task.cpus", 1) : context.cpus();
        OptionalInt executorCores = conf.contains("spark.executor.cores")
                ? OptionalInt.of(conf.getInt("spark.executor.cores", 1))
                : OptionalInt.empty();
        return of(cores(processors, conf.get("spark.master", ""), executorCores), taskCpus);
    }

    /** The minimum of what the machine, the master and {@code spark.executor.cores} allow. */
    static int cores(int processors, String master, OptionalInt executorCores) {
        Matcher local = LOCAL.matcher(master);
        if (local.matches()) {
            return Math.min(processors, Integer.parseInt(local.group(1)));
        }
        if (master.equals("local")) {
            return 1;
        }
        if (executorCores.isPresent() && !master.startsWith("local")) {
            return Math.min(processors, executorCores.getAsInt());
        }
        // YARN and Kubernetes give an executor one core by default, a standalone worker all of its cores
        return master.startsWith("yarn") || master.startsWith("k8s") ? 1 : processors;
    }
}
