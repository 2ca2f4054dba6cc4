package io.github.longwing.jobs.output;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.OutputRun;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.session.JobSession;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An output that is a table. A catalog or format that replaces tables in one transaction does so; in Spark's own catalog
 * the new table is written under another name, and names change when it is complete.
 */
final class TablePlace implements ResultOutput.Place {
    private static final Logger LOG = LoggerFactory.getLogger(TablePlace.class);
    private static final String NEW = "__longwing_new";
    private static final String OLD = "__longwing_old";

    private final JobSession session;
    private final ResultOutput.Table target;
    private final Optional<CatalogTable> existing;

    private enum Step {
        NOTHING,
        STAGING,
        STAGED
    }

    private Step step = Step.NOTHING;

    private TablePlace(JobSession session, ResultOutput.Table target, Optional<CatalogTable> existing) {
        this.session = session;
        this.target = target;
        this.existing = existing;
    }

    static TablePlace find(ResultOutput.Table target, JobSession session) {
        if (forgetsTables(session) && !target.name().contains(".")) {
            throw new UserException("Cannot write --output-table " + target.name()
                    + ": the embedded Spark keeps its catalog in memory and forgets the table at the end, "
                    + "expected a lasting catalog; use --output, or an installed Spark with a metastore");
        }
        try {
            return new TablePlace(session, target, CatalogTable.find(target.name(), session.spark()));
        } catch (Exception e) { // AnalysisException, which Scala does not declare
            throw new UserException(
                    "Cannot write --output-table " + target.name() + ": " + Failures.firstLine(e)
                            + ", expected [CATALOG.][DATABASE.]NAME of letters, digits and _, or in backticks",
                    e);
        }
    }

    @Override
    public ResultOutput.State state() {
        return existing.isPresent() ? ResultOutput.State.EXISTS : ResultOutput.State.NEW;
    }

    @Override
    public void check(OutputMode mode, RunReads reads) {
        if (existing.isEmpty() || mode == OutputMode.IGNORE) {
            return;
        }
        CatalogTable table = existing.get();
        if (table.isView()) {
            throw new UserException("Cannot write --output-table " + target.name()
                    + ": it is a view, expected a table or a name that is new; name another");
        }
        if (isTheInput(table, reads.input())) {
            throw new UserException("Cannot " + (mode == OutputMode.OVERWRITE ? "overwrite" : "append to")
                    + " --output-table " + target.name() + ": it is the table that the run reads, expected another;"
                    + " name a new one");
        }
        table.location().ifPresent(location -> {
            try {
                ResultOutput.keepApart(
                        target,
                        mode,
                        RealLocation.of(new Path(location), session.hadoopConfiguration()),
                        reads,
                        session);
            } catch (IOException | IllegalArgumentException e) {
                LOG.debug("{} is no place that Hadoop knows", location, e); // so it is no input of files either
            }
        });
        if (mode == OutputMode.OVERWRITE) {
            checkOverwrite(table);
        }
    }

    private boolean isTheInput(CatalogTable table, DocumentInput input) {
        if (!(input instanceof DocumentInput.Table read)) {
            return false;
        }
        try {
            return CatalogTable.find(read.name(), session.spark())
                    .filter(found -> found.quoted().equalsIgnoreCase(table.quoted()))
                    .isPresent();
        } catch (Exception e) { // AnalysisException, which Scala does not declare: the reader of the table says it
            LOG.debug("Cannot find the table {}", read.name(), e);
            return false;
        }
    }

    private void checkOverwrite(CatalogTable table) {
        ExistingRows rows = new ExistingRows(table.schema(), List.of(), Set.of(), "it");
        if (!rows.areResults()) {
            throw new UserException("Cannot overwrite --output-table " + target.name() + ": its columns are "
                    + String.join(", ", table.schema().fieldNames())
                    + ", expected those of a job of Longwing; name another, or drop it yourself");
        }
        if (table.isReplacedAtOnce()) {
            return;
        }
        if (!table.isManaged()) {
            throw new UserException("Cannot overwrite --output-table " + target.name() + ": it is an "
                    + table.type().toLowerCase(java.util.Locale.ROOT) + " table"
                    + table.location().map(l -> " over " + l).orElse("")
                    + ", expected one whose files the catalog manages; write there with --output, or name another");
        }
        for (String suffix : List.of(NEW, OLD)) {
            String sibling = table.sibling(table.shortName() + suffix);
            if (session.spark().catalog().tableExists(sibling)) {
                throw new UserException("Cannot overwrite --output-table " + target.name() + ": there is a table "
                        + sibling.replace("`", "")
                        + ", the rest of a run that did not end, expected none; drop it, or, if " + target.name()
                        + " is gone, rename it");
            }
        }
    }

    @Override
    public UserException exists(OutputMode mode) {
        return new UserException("Cannot write --output-table " + target.name()
                + ": it exists already, expected a table that is new; name another, or use --mode append, overwrite or"
                + " ignore");
    }

    @Override
    public boolean hasRuns() {
        return false;
    }

    @Override
    public Optional<Path> slices(OutputRun.Plan plan, OutputMode mode) {
        return Optional.empty();
    }

    @Override
    public void publish(OutputMode mode) {}

    @Override
    public List<ExistingRows> rows() {
        CatalogTable table = existing.orElseThrow();
        return List.of(new ExistingRows(columns(table), table.partitionColumns(), models(table), "it"));
    }

    private static org.apache.spark.sql.types.StructType columns(CatalogTable table) {
        return new org.apache.spark.sql.types.StructType(
                java.util.Arrays.stream(table.schema().fields())
                        .filter(field -> !table.partitionColumns().contains(field.name()))
                        .toArray(org.apache.spark.sql.types.StructField[]::new));
    }

    /** From the footers of its files, where they are Parquet. */
    private Set<String> models(CatalogTable table) {
        Set<String> models = new LinkedHashSet<>();
        try {
            if (table.location().isPresent()) {
                OutputFolder.at(table.location().get(), session.hadoopConfiguration())
                        .rows()
                        .forEach(rows -> models.addAll(rows.models()));
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("Cannot look at the files of {}", target.name(), e);
        }
        return models;
    }

    @Override
    public void write(Dataset<Row> result, OutputMode mode, List<String> partitionBy) throws IOException {
        String[] columns = partitionBy.toArray(String[]::new);
        if (mode == OutputMode.OVERWRITE
                && existing.isPresent()
                && !existing.get().isReplacedAtOnce()) {
            replace(result, existing.get(), columns);
        } else {
            result.write().mode(mode.saveMode()).partitionBy(columns).saveAsTable(target.name());
        }
    }

    private void replace(Dataset<Row> result, CatalogTable table, String... partitionBy) {
        SparkSession spark = session.spark();
        String fresh = table.sibling(table.shortName() + NEW);
        String old = table.sibling(table.shortName() + OLD);
        step = Step.STAGING;
        result.write().mode(SaveMode.ErrorIfExists).partitionBy(partitionBy).saveAsTable(fresh);
        step = Step.STAGED;
        rename(spark, table.quoted(), old);
        try {
            rename(spark, fresh, table.quoted());
        } catch (Exception e) { // AnalysisException, which Scala does not declare
            rename(spark, old, table.quoted());
            throw e;
        }
        if (partitionBy.length > 0) {
            // the partitions that the catalog knows lie where the table was
            spark.sql("MSCK REPAIR TABLE " + table.quoted() + " SYNC PARTITIONS");
        }
        spark.sql("DROP TABLE " + old);
    }

    private static void rename(SparkSession spark, String from, String to) {
        spark.sql("ALTER TABLE " + from + " RENAME TO " + to);
    }

    @Override
    public String afterFailure(OutputMode mode) {
        SparkSession spark = session.spark();
        if (existing.isEmpty()) {
            return "nothing was added to " + target.name();
        }
        String fresh = existing.get().sibling(existing.get().shortName() + NEW);
        return switch (step) {
            case NOTHING ->
                mode == OutputMode.OVERWRITE
                        ? "what " + target.name() + " held is still there"
                        : "nothing was added to " + target.name();
            case STAGING -> {
                spark.sql("DROP TABLE IF EXISTS " + fresh);
                yield "what " + target.name() + " held is still there";
            }
            case STAGED -> "the new output is complete, in " + target.name() + " or in " + fresh.replace("`", "");
        };
    }

    private static boolean forgetsTables(JobSession session) {
        return session.ownership() == JobSession.Ownership.OWNED
                && session.spark()
                        .conf()
                        .get("spark.sql.catalogImplementation", "in-memory")
                        .equals("in-memory");
    }
}
