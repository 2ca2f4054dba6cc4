package io.github.longwing.jobs.run;

import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.store.ModelDirectory;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Runs a task with Spark on those of the documents that a selection leaves; tests replace it. */
public interface TaskRun {
    <S extends Serializable, T> Dataset<Row> run(
            DocumentTransformation<S, T> task,
            Dataset<Row> documents,
            TaskOptions<S> options,
            UnaryOperator<Dataset<Row>> selection,
            JobProgress progress);

    /** Name and fingerprint of the model in this directory, as the executors will give them. */
    default String label(Path modelDirectory) {
        return ModelDirectory.label(modelDirectory)
                .orElseThrow(() -> new IllegalStateException(modelDirectory + " is no model directory"));
    }
}
