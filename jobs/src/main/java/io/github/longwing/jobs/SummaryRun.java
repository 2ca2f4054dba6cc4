package io.github.longwing.jobs;

import io.github.longwing.spark.JobProgress;
import io.github.longwing.spark.SummarizeOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Summarizes documents with Spark. */
interface SummaryRun {
    Dataset<Row> summarize(Dataset<Row> documents, SummarizeOptions options, JobProgress progress);
}
