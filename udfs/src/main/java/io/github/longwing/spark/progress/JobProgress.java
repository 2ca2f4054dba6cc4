package io.github.longwing.spark.progress;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts documents and tokens of a job in accumulators. The driver may read it at any time and from any thread; tasks get
 * a copy. {@link #close} on the driver ends the counts of running tasks; {@link #finished} stays readable.
 *
 * <p>Task attempts that fail, are killed or lose to a speculative copy do not count. What Spark computes again does: a second
 * action on the same Dataset, or the lost results of a finished task.
 */
public final class JobProgress implements Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final JobProgress NONE = new JobProgress(null, null);

    /** Null for {@link #none}. */
    private final Counters counters;

    /** Null for {@link #none} and on executors. */
    private final transient Live live;

    private record Counters(
            LongAccumulator documents,
            LongAccumulator errors,
            LongAccumulator inputTokens,
            LongAccumulator outputTokens,
            LongAccumulator copies,
            LongAccumulator left,
            OldestInFlight inFlight)
            implements Serializable {}

    private record Live(SparkContext context, RunningTasks tasks) {}

    private JobProgress(Counters counters, Live live) {
        this.counters = counters;
        this.live = live;
    }

    /** Counts in accumulators of this context. */
    public static JobProgress registered(SparkContext context) {
        Counters counters = new Counters(
                context.longAccumulator("longwing.documents"),
                context.longAccumulator("longwing.errors"),
                context.longAccumulator("longwing.inputTokens"),
                context.longAccumulator("longwing.outputTokens"),
                context.longAccumulator("longwing.copies"),
                context.longAccumulator("longwing.left"),
                new OldestInFlight());
        context.register(counters.inFlight);
        RunningTasks tasks = new RunningTasks(
                counters.documents.id(),
                counters.errors.id(),
                counters.inputTokens.id(),
                counters.outputTokens.id(),
                counters.inFlight.id());
        context.addSparkListener(tasks);
        return new JobProgress(counters, new Live(context, tasks));
    }

    /** Counts nothing, for sessions without a SparkContext. */
    public static JobProgress none() {
        return NONE;
    }

    /** The counts of successful tasks. */
    public JobTotals finished() {
        return counters == null
                ? JobTotals.NONE
                : new JobTotals(
                        counters.documents.sum(),
                        counters.errors.sum(),
                        counters.inputTokens.sum(),
                        counters.outputTokens.sum(),
                        counters.copies.sum());
    }

    /**
     * The counts of all tasks, of running ones as of the last heartbeat of their executor
     * ({@code spark.executor.heartbeatInterval}).
     */
    public JobTotals soFar() {
        return live == null ? finished() : finished().plus(live.tasks.totals());
    }

    /** The documents that successful tasks left out because they were stopped. */
    public long left() {
        return counters == null ? 0 : counters.left.sum();
    }

    /**
     * The oldest document under way in any task, of the last heartbeat of its executor; its age goes on between
     * heartbeats.
     */
    public Optional<InFlight> oldest() {
        return live == null ? Optional.empty() : live.tasks.oldest();
    }

    @Override
    public void close() {
        if (live != null) {
            live.context.removeSparkListener(live.tasks);
        }
    }

    public void addSuccess(long inputTokensOfDocument, long outputTokensOfDocument) {
        if (counters != null) {
            counters.documents.add(1);
            counters.inputTokens.add(inputTokensOfDocument);
            counters.outputTokens.add(outputTokensOfDocument);
        }
    }

    /** Counts a document that has the result of another one. */
    public void addCopy() {
        if (counters != null) {
            counters.documents.add(1);
            counters.copies.add(1);
        }
    }

    /** Counts documents that a stopped task leaves out. */
    public void addLeft(long documents) {
        if (counters != null) {
            counters.left.add(documents);
        }
    }

    /** Says which document of the current task is the oldest under way. */
    public void show(Optional<InFlight> oldest) {
        if (counters != null) {
            counters.inFlight.add(oldest.orElse(null));
        }
    }

    public void addError() {
        if (counters != null) {
            counters.documents.add(1);
            counters.errors.add(1);
        }
    }
}
