package io.github.longwing.spark.progress;

/**
 * The counts of a job.
 *
 * @param documents rows read, errors included
 * @param errors documents without a result
 * @param inputTokens tokens of the documents that have a result, before truncation
 * @param outputTokens tokens generated, all sequences of a document together
 * @param copies documents that have the result of another one with the same text; their tokens do not count
 */
public record JobTotals(long documents, long errors, long inputTokens, long outputTokens, long copies) {
    public static final JobTotals NONE = new JobTotals(0, 0, 0, 0);

    /** Without copies. */
    public JobTotals(long documents, long errors, long inputTokens, long outputTokens) {
        this(documents, errors, inputTokens, outputTokens, 0);
    }

    public JobTotals plus(JobTotals other) {
        return new JobTotals(
                documents + other.documents,
                errors + other.errors,
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                copies + other.copies);
    }
}
