package io.github.longwing.spark;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts what the tasks of a job do, in accumulators, while they do it. The driver reads it at any time from any
 * thread; a copy travels with the tasks. {@link #close} on the driver ends the live view, the totals stay readable.
 */
public final class JobProgress implements Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final JobProgress NONE = new JobProgress(null, null, null, null);

    private final LongAccumulator documents;
    private final LongAccumulator errors;
    private final LongAccumulator inputTokens;
    private final LongAccumulator outputTokens;

    private JobProgress(
            LongAccumulator documents,
            LongAccumulator errors,
            LongAccumulator inputTokens,
            LongAccumulator outputTokens) {
        this.documents = documents;
        this.errors = errors;
        this.inputTokens = inputTokens;
        this.outputTokens = outputTokens;
    }

    /** Counts in accumulators of this context. */
    public static JobProgress registered(SparkContext context) {
        return new JobProgress(
                context.longAccumulator("longwing.documents"),
                context.longAccumulator("longwing.errors"),
                context.longAccumulator("longwing.inputTokens"),
                context.longAccumulator("longwing.outputTokens"));
    }

    /** Counts nothing, for sessions without a SparkContext; see {@link DocumentSummaries#observe}. */
    public static JobProgress none() {
        return NONE;
    }

    /** What tasks that ended well have done. */
    public JobTotals finished() {
        return documents == null
                ? JobTotals.NONE
                : new JobTotals(documents.sum(), errors.sum(), inputTokens.sum(), outputTokens.sum());
    }

    /** What tasks have done, those under way as of their executor's last heartbeat. */
    public JobTotals soFar() {
        return finished();
    }

    @Override
    public void close() {}
}
