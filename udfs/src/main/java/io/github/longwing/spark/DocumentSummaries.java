package io.github.longwing.spark;

import io.github.longwing.task.Summaries;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Summarization as a transformation of Datasets. */
public final class DocumentSummaries {
    private DocumentSummaries() {}

    /** The columns that {@link #summarize} gives, after the same checks of the input. */
    public static StructType schema(Dataset<Row> documents, SummarizeOptions options) {
        return job(options, SummarizerLoader.of(options), JobProgress.none()).schema(documents);
    }

    /**
     * One row for each document: its id, the kept columns and the result columns, in no certain order. Lazy like every
     * transformation, but wrong columns and a model that is not there are refused at once, and
     * {@link InputPartitioning#BALANCED} counts the beginning of the input.
     */
    public static Dataset<Row> summarize(Dataset<Row> documents, SummarizeOptions options, JobProgress progress) {
        return summarize(documents, options, SummarizerLoader.pinned(options, documents.sparkSession()), progress);
    }

    /** The same with a summarizer of the caller's; the options that belong to the model are the loader's to heed. */
    public static Dataset<Row> summarize(
            Dataset<Row> documents, SummarizeOptions options, TaskLoader<Summaries> loader, JobProgress progress) {
        return job(options, loader, progress).apply(documents);
    }

    /**
     * Lets Spark count the rows of a result as they pass, for sessions without a SparkContext. After the first action
     * the observation has {@code documents}, {@code errors}, {@code input_tokens} and {@code output_tokens}; documents
     * that {@link ErrorPolicy#DROPMALFORMED} left out are not among them.
     */
    public static Dataset<Row> observe(Dataset<Row> summaries, SummarizeOptions options, Observation observation) {
        return ResultMetrics.observe(
                summaries, columns(options), options.columns().resultPrefix(), observation);
    }

    private static DocumentJob<Summaries> job(
            SummarizeOptions options, TaskLoader<Summaries> loader, JobProgress progress) {
        return new DocumentJob<>(
                options.columns(),
                options.partitioning(),
                new DocumentFunction<>(loader, columns(options), options.onError(), progress));
    }

    private static SummaryColumns columns(SummarizeOptions options) {
        return SummaryColumns.of(options.returnSequences());
    }
}
