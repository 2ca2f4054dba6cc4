package io.github.longwing.jobs.run;

import io.github.longwing.jobs.commit.RowIdentity;
import io.github.longwing.jobs.commit.RunRecord.Settings;
import io.github.longwing.jobs.conf.ResolvedOptions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.progress.JobProgress;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** What one job does with its documents; {@link JobRunner} does the rest, the same for all jobs. */
public interface Job {

    /** The name of the command. */
    String name();

    /** The columns that it reads. */
    DocumentColumns columns();

    /** The columns of the result; refuses an input whose columns do not fit. */
    StructType schema(Dataset<Row> documents);

    /** Finds the model, which may download it, and checks the options against it. */
    Ready prepare();

    /** A job whose options are checked. Holds the files of its model until it is closed. */
    interface Ready extends AutoCloseable {
        ModelSummary model();

        ResolvedOptions options();

        /** The columns that it reads. */
        DocumentColumns columns();

        /** Like {@link Job#schema}, now that the model is known. */
        StructType schema(Dataset<Row> documents);

        /** What a row of the result is about. */
        RowUnit unit(Dataset<Row> documents);

        /** What tells its rows apart. */
        RowIdentity identity();

        /** The names of the id columns in its rows. */
        List<String> keys(Dataset<Row> documents);

        /** What its rows have in common, of such documents. */
        Settings settings(Dataset<Row> documents);

        /**
         * The rows of the result, not computed yet.
         *
         * @param isolation what a document may cost
         * @param stop tells its tasks to take no further document
         */
        Dataset<Row> result(
                Dataset<Row> documents,
                UnaryOperator<Dataset<Row>> selection,
                Isolation isolation,
                StopSignal stop,
                JobProgress progress);

        /** Lets Spark count the rows of the result, for sessions without accumulators. */
        Dataset<Row> observe(Dataset<Row> result, Observation observation);

        @Override
        void close();
    }
}
