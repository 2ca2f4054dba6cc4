package io.github.longwing.jobs.run;

import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import java.io.Serializable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Runs a task on documents with Spark; tests replace it. */
public interface TaskRun {
    <S extends Serializable, T> Dataset<Row> run(
            DocumentTransformation<S, T> task, Dataset<Row> documents, TaskOptions<S> options, JobProgress progress);
}
