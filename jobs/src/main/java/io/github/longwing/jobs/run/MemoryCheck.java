package io.github.longwing.jobs.run;

import io.github.longwing.config.MemoryPlan;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.spark.executor.MemoryBudget;
import io.github.longwing.store.ModelImporter;
import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * What an executor needs besides its heap, beside what it has.
 *
 * @param tokens of the longest window
 */
record MemoryCheck(MemoryPlan plan, int tokens, MemoryBudget budget) {
    private static final double GIGABYTE = 1L << 30;

    static MemoryCheck of(ModelSummary model, int tokens, SparkConf conf) {
        return new MemoryCheck(model.estimate().memory(), tokens, MemoryBudget.of(conf));
    }

    /** What is needed, for one window at a time and for each further one. */
    String sentence() {
        return "Memory of an executor besides its heap, roughly: " + gigabytes(plan.executorBytes(tokens, 1))
                + " for one window of " + ProgressLine.count(tokens, "token") + " at a time, of which "
                + gigabytes(plan.mappedBytes()) + " are weights that the executors of a host share, "
                + gigabytes(plan.packedBytes()) + " weights of its own and " + gigabytes(plan.windowBytes(tokens))
                + " for the window" + further() + "; it has " + gigabytes(budget.bytes()) + " (" + origin() + ")"
                + advice();
    }

    private String further() {
        return plan.passes().hasSteps()
                ? ", and " + gigabytes(plan.documentBytes(tokens)) + " for each further one"
                : "";
    }

    private String origin() {
        return switch (budget.origin()) {
            case SETTING -> MemoryBudget.SETTING;
            case OVERHEAD -> "spark.executor.memoryOverhead";
            case MACHINE -> "this machine without the heap";
        };
    }

    private String advice() {
        if (budget.bytes() >= plan.executorBytes(tokens, 1)) {
            return plan.passes().hasSteps()
                    ? ", room for " + ProgressLine.count(windowsAtOnce(), "window") + " at once"
                    : "";
        }
        return ", less than that; " + remedy();
    }

    /** As many as the memory holds and a step of the decoder serves. */
    private int windowsAtOnce() {
        int windows = 1;
        while (windows < ModelImporter.DECODER_SLOTS && plan.executorBytes(tokens, windows + 1) <= budget.bytes()) {
            windows++;
        }
        return windows;
    }

    /**
     * Refuses an executor that cannot hold even what the disk does not hold as well.
     *
     * @param job its name, for the message
     */
    void require(String job) {
        if (budget.bytes() < plan.leastBytes(tokens)) {
            throw new UserException("Cannot " + job + ": an executor has " + gigabytes(budget.bytes())
                    + " of memory besides its heap (" + origin() + "), expected at least "
                    + gigabytes(plan.leastBytes(tokens)) + " for this model and windows of "
                    + ProgressLine.count(tokens, "token") + "; " + remedy());
        }
    }

    private String remedy() {
        long needed = (long) Math.ceil(plan.executorBytes(tokens, 1) / GIGABYTE);
        return switch (budget.origin()) {
            case SETTING -> "set " + MemoryBudget.SETTING + "=" + needed + "g if the executor has that much";
            case OVERHEAD -> "give it --conf spark.executor.memoryOverhead=" + needed + "g";
            case MACHINE ->
                "give the JVM a smaller heap, or take a larger machine, --precision int8, or shorter windows";
        };
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }
}
