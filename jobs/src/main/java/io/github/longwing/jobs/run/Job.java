package io.github.longwing.jobs.run;

import io.github.longwing.jobs.conf.ResolvedOptions;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.progress.JobProgress;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** What one job does with its documents; {@link JobRunner} does the rest, the same for all jobs. */
public interface Job {

    /** What the command is called. */
    String name();

    /** The columns of the result; refuses an input whose columns cannot serve. */
    StructType schema(Dataset<Row> documents);

    /** Reads the model's small files and checks the settings against them, which may download them. */
    Ready prepare();

    /** A job that nothing speaks against. */
    interface Ready {
        ModelSummary model();

        ResolvedOptions settings();

        /** As before the model was known, which may decide on columns. */
        StructType schema(Dataset<Row> documents);

        /** What its rows are about. */
        RowUnit unit(Dataset<Row> documents);

        Dataset<Row> result(Dataset<Row> documents, JobProgress progress);

        /** Has Spark count the rows of the result, where there are no accumulators. */
        Dataset<Row> observe(Dataset<Row> result, Observation observation);
    }
}
