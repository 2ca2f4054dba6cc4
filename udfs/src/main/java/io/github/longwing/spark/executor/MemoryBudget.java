package io.github.longwing.spark.executor;

import io.github.longwing.error.UserException;
import io.github.longwing.task.Resources;
import java.util.Locale;
import java.util.OptionalLong;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.util.JavaUtils;

/**
 * The native memory of an executor, besides its heap.
 *
 * @param bytes for weights, activations and documents under way
 * @param origin where the number comes from
 */
public record MemoryBudget(long bytes, Origin origin) {
    /** Such as {@code 6g}; wins over what the executor's container allows. */
    public static final String SETTING = "spark.longwing.memory";

    private static final String OVERHEAD = "spark.executor.memoryOverhead";
    private static final String OVERHEAD_FACTOR = "spark.executor.memoryOverheadFactor";
    private static final String MIN_OVERHEAD = "spark.executor.minMemoryOverhead";
    private static final double DEFAULT_OVERHEAD_FACTOR = 0.1;

    /** Where the size of a budget comes from. */
    public enum Origin {
        SETTING,
        /** The overhead of an executor's container, which the cluster manager enforces. */
        OVERHEAD,
        /** The memory of this machine or container, without the heap. */
        MACHINE
    }

    /** That of the executor of the current task; of the whole machine outside of Spark. */
    static MemoryBudget ofThisExecutor() {
        SparkEnv env = SparkEnv.get();
        return env == null ? ofThisMachine() : of(env.conf());
    }

    /** That of an executor with these settings; where they do not limit it, this machine stands for its own. */
    public static MemoryBudget of(SparkConf conf) {
        OptionalLong set = size(conf, SETTING, "b");
        if (set.isPresent()) {
            return new MemoryBudget(set.getAsLong(), Origin.SETTING);
        }
        return hasContainers(conf) ? new MemoryBudget(overhead(conf), Origin.OVERHEAD) : ofThisMachine();
    }

    /** Whether executors run in containers that end a process with too much memory. */
    private static boolean hasContainers(SparkConf conf) {
        String master = conf.get("spark.master", "").toLowerCase(Locale.ROOT);
        return master.startsWith("yarn") || master.startsWith("k8s");
    }

    private static MemoryBudget ofThisMachine() {
        return new MemoryBudget(Resources.nativeBytesOfThisMachine(), Origin.MACHINE);
    }

    private static long overhead(SparkConf conf) {
        return size(conf, OVERHEAD, "m").orElseGet(() -> {
            long heap = size(conf, "spark.executor.memory", "m").orElse(1L << 30);
            long least = size(conf, MIN_OVERHEAD, "m").orElse(384L << 20);
            return Math.max(least, Math.round(heap * conf.getDouble(OVERHEAD_FACTOR, DEFAULT_OVERHEAD_FACTOR)));
        });
    }

    /** @param unit of a number without one: b or m */
    private static OptionalLong size(SparkConf conf, String setting, String unit) {
        if (!conf.contains(setting)) {
            return OptionalLong.empty();
        }
        String found = conf.get(setting).trim();
        try {
            long bytes = JavaUtils.byteStringAsBytes(found.matches("\\d+") ? found + unit : found);
            if (bytes > 0) {
                return OptionalLong.of(bytes);
            }
        } catch (NumberFormatException e) {
            throw unreadable(setting, found, e);
        }
        throw unreadable(setting, found, null);
    }

    private static UserException unreadable(String setting, String found, NumberFormatException cause) {
        return new UserException(
                "Cannot plan the memory of executors: " + setting + " is " + found + ", expected a size such as 6g",
                cause);
    }
}
