package io.github.longwing.jobs.commit;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.github.longwing.jobs.commit.SliceRecord.SliceFile;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.ColumnName;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slices of a table: each is one transaction of its format, then a record. The rows of the table say what is done; the
 * records count them. A process that dies between the two leaves rows without a record, which {@link #recover} notes.
 */
final class TableSlices implements SliceSink {
    private static final Logger LOG = LoggerFactory.getLogger(TableSlices.class);

    private final SparkSession spark;
    private final SparkContext context;
    private final RunPlace.Table table;
    private final RunLog log;
    private final Lease lease;
    private final String run;
    private final StructType schema;
    private final List<String> partitionBy;
    private final TableChanges changes;
    private final String error;
    private int number;

    TableSlices(
            JobSession session,
            RunPlace.Table table,
            RunLog log,
            Lease lease,
            String run,
            StructType schema,
            List<String> partitionBy,
            RowNames names) {
        this.spark = session.spark();
        this.context = session.context().orElseThrow();
        this.table = table;
        this.log = log;
        this.lease = lease;
        this.run = run;
        this.schema = schema;
        this.partitionBy = List.copyOf(partitionBy);
        this.error = names.error();
        this.changes = new TableChanges(
                spark, table.name(), List.of(schema.fieldNames()), names, new Path(stage(), "changes").toString());
    }

    @Override
    public List<SliceRecord> recover() throws IOException {
        log.fileSystem().delete(log.stages(), true);
        List<SliceRecord> slices = new ArrayList<>(log.slices());
        List<SliceFile> noted = OutputRun.live(slices);
        Row counts = spark.table(table.name())
                .agg(count(lit(1)), count(ColumnName.column(error)))
                .head();
        long rows =
                counts.getLong(0) - noted.stream().mapToLong(SliceFile::rows).sum();
        long errors =
                counts.getLong(1) - noted.stream().mapToLong(SliceFile::errors).sum();
        if (rows != 0 || errors != 0) {
            LOG.info("{} differs from its records by {} rows and {} errors; noted now", log.name(), rows, errors);
            slices.add(noted(rows, errors));
        }
        return slices;
    }

    @Override
    public List<String> directories() {
        return List.of(); // the table has its own way of partitioning
    }

    @Override
    public int partitionsPerSlot() {
        return 2;
    }

    @Override
    public Path stage() {
        return log.stage(run);
    }

    @Override
    public Dataset<Row> rows(List<SliceRecord> committed) {
        return spark.table(table.name());
    }

    @Override
    public void expect(Dataset<Row> input, Set<Change> asked) {
        changes.expect(input, asked);
    }

    @Override
    public SliceRecord commit(List<StagedFile> staged) throws IOException {
        lease.requireHeld();
        String[] paths = staged.stream().map(StagedFile::path).toArray(String[]::new);
        Dataset<Row> fresh = spark.read().schema(schema).parquet(paths);
        TableChanges.Removed removed = outsideOfTheGroup(() -> {
            Optional<TableChanges.Removed> replaced = changes.areExpected() ? changes.replace(fresh) : Optional.empty();
            if (replaced.isEmpty()) {
                append(fresh);
            }
            return replaced.orElse(TableChanges.Removed.NOTHING);
        });
        SliceRecord slice = noted(
                staged.stream().mapToLong(StagedFile::rows).sum() - removed.rows(),
                staged.stream().mapToLong(StagedFile::errors).sum() - removed.errors());
        for (String path : paths) {
            log.fileSystem().delete(new Path(path), false);
        }
        return slice;
    }

    private void append(Dataset<Row> fresh) {
        DataFrameWriter<Row> writer = fresh.write();
        if (!table.provider().isEmpty()) {
            writer = writer.format(table.provider());
        }
        if (table.format() == TableFormat.OTHER) { // which are compared with those that the catalog knows
            writer = writer.partitionBy(partitionBy.toArray(String[]::new));
        }
        writer.mode(SaveMode.Append)
                .options(table.format().transaction(run, SliceRecord.name(run, number + 1)))
                .saveAsTable(table.name());
    }

    private SliceRecord noted(long rows, long errors) throws IOException {
        number++;
        SliceRecord slice = new SliceRecord(
                run,
                number,
                Instant.now().toString(),
                List.of(new SliceFile(SliceFile.IN_TABLE, SliceFile.IN_TABLE, 0, rows, errors)),
                List.of());
        log.write(slice);
        return slice;
    }

    @Override
    public Optional<SliceRecord> removeObsolete(List<SliceRecord> committed, StagingWriter writer) throws IOException {
        if (!changes.areExpected()) {
            return Optional.empty();
        }
        lease.requireHeld();
        TableChanges.Removed removed = changes.removeRest();
        return removed.rows() == 0 ? Optional.empty() : Optional.of(noted(-removed.rows(), -removed.errors()));
    }

    @Override
    public boolean isPending() {
        return false;
    }

    @Override
    public Optional<SliceRecord> commitEmpty(StagingWriter writer) {
        return Optional.empty(); // the table has its columns
    }

    @Override
    public void tellComplete() {
        // the state of the run says it
    }

    @Override
    public void close() throws IOException {
        log.fileSystem().delete(log.stages(), true);
    }

    /** A table without rows that this run has made goes when the run leaves no record. */
    @Override
    public void tidy() {
        try {
            if (table.origin() == RunPlace.Origin.THIS_RUN && !log.fileSystem().exists(log.folder())) {
                var unused = spark.sql("DROP TABLE IF EXISTS " + table.name());
            }
        } catch (Exception e) { // also AnalysisException, which Scala does not declare
            LOG.warn("Cannot drop {}, which is empty", log.name(), e);
        }
    }

    /** The commit of what is finished is not cancelled with the jobs of the run. */
    private <T> T outsideOfTheGroup(Supplier<T> work) {
        String group = context.getLocalProperty(JobSession.JOB_GROUP);
        context.setLocalProperty(JobSession.JOB_GROUP, null);
        try {
            return work.get();
        } finally {
            context.setLocalProperty(JobSession.JOB_GROUP, group);
        }
    }
}
