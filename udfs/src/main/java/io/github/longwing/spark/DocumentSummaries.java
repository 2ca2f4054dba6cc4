package io.github.longwing.spark;

import io.github.longwing.task.Summaries;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Summarization as a transformation of Datasets. */
@SuppressWarnings("DoNotCallSuggester")
public final class DocumentSummaries {
    private DocumentSummaries() {}

    /** The columns that {@link #summarize} gives, after the same checks of the input. */
    public static StructType schema(Dataset<Row> documents, SummarizeOptions options) {
        throw new UnsupportedOperationException();
    }

    /**
     * One row for each document: its id, the kept columns and the result columns. Lazy like every transformation, but
     * wrong columns are refused at once.
     */
    public static Dataset<Row> summarize(Dataset<Row> documents, SummarizeOptions options, JobProgress progress) {
        return summarize(documents, options, SummarizerLoader.of(options), progress);
    }

    /** The same with a summarizer of the caller's. */
    public static Dataset<Row> summarize(
            Dataset<Row> documents, SummarizeOptions options, TaskLoader<Summaries> loader, JobProgress progress) {
        throw new UnsupportedOperationException();
    }

    /** Lets Spark count the rows of a result as they pass: the hook for sessions without a SparkContext. */
    public static Dataset<Row> observe(Dataset<Row> summaries, SummarizeOptions options, Observation observation) {
        throw new UnsupportedOperationException();
    }
}
