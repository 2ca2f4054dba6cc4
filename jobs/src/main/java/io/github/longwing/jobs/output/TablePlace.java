package io.github.longwing.jobs.output;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.CompletedInput;
import io.github.longwing.jobs.commit.OutputRun;
import io.github.longwing.jobs.commit.RunLog;
import io.github.longwing.jobs.commit.RunPlace;
import io.github.longwing.jobs.commit.TableFormat;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.FileFailure;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.ColumnName;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
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

    /** The property by which a table is known as Longwing's; its records have the same id. */
    private static final String ID = "longwing.id";

    /** A directory that driver and executors reach, for tables whose catalog names no such location. */
    private static final String RECORDS = "spark.longwing.tables.records";

    private final JobSession session;
    private final ResultOutput.Table target;
    private final Optional<CatalogTable> existing;

    /** With which the table is made, if this run makes it. */
    private final String newId = UUID.randomUUID().toString();

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
            throw new UserException("Cannot "
                    + switch (mode) {
                        case OVERWRITE -> "overwrite";
                        case APPEND -> "append to";
                        default -> "write";
                    }
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
        return new UserException("Cannot write --output-table " + target.name() + ": it exists already"
                + (mode == OutputMode.RESUME ? " and has no record of a run" : "")
                + ", expected a table that is new; name another, or use --mode append, overwrite or ignore");
    }

    /** Those of its own id, or none yet, as after a process that died just as it had made the table. */
    @Override
    public boolean hasRuns() {
        try {
            Optional<RunLog> log = log();
            return log.isPresent()
                    && (!log.get().runs().isEmpty()
                            || session.spark()
                                    .table(existing.orElseThrow().quoted())
                                    .isEmpty());
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    @Override
    public Optional<CompletedInput> completedInput(long limit) throws IOException {
        Optional<RunLog> log = log();
        return log.isEmpty() ? Optional.empty() : CompletedInput.of(log.get(), limit);
    }

    private Optional<RunLog> log() throws IOException {
        if (existing.isEmpty() || session.context().isEmpty()) {
            return Optional.empty();
        }
        Optional<RunPlace> place = existing.get()
                .property(ID, session.spark())
                .flatMap(id -> place(existing.get(), id, RunPlace.Origin.EARLIER));
        return place.isEmpty() ? Optional.empty() : Optional.of(place.get().log(session.hadoopConfiguration()));
    }

    @Override
    public Optional<RunPlace> slices(OutputRun.Plan plan, OutputMode mode) throws IOException {
        if (existing.isEmpty()) {
            return make(plan);
        }
        Optional<RunLog> log = log();
        boolean adds = mode == OutputMode.APPEND || mode == OutputMode.OVERWRITE;
        if (log.isEmpty() || (adds && !OutputRun.isUnfinished(log.get(), plan))) {
            return Optional.empty();
        }
        requireReplaceable(existing.get(), plan);
        return place(
                existing.get(), existing.get().property(ID, session.spark()).orElseThrow(), RunPlace.Origin.EARLIER);
    }

    /** Makes the table; empty, without having made it, where it has no place for records. */
    private Optional<RunPlace> make(OutputRun.Plan plan) {
        SparkSession spark = session.spark();
        String partitions = plan.partitionBy().stream().map(ColumnName::quoted).collect(Collectors.joining(", "));
        var unused = spark.sql("CREATE TABLE " + target.name() + " ("
                + plan.schema().asNullable().toDDL() + ")"
                + (partitions.isEmpty() ? "" : " PARTITIONED BY (" + partitions + ")")
                + " TBLPROPERTIES ('" + ID + "' = '" + newId + "')");
        boolean keeps = false;
        try {
            CatalogTable made = CatalogTable.find(target.name(), spark).orElseThrow();
            requireReplaceable(made, plan);
            Optional<RunPlace> place = place(made, newId, RunPlace.Origin.THIS_RUN);
            keeps = place.isPresent();
            return place;
        } catch (Exception e) { // AnalysisException, which Scala does not declare
            throw e instanceof UserException user
                    ? user
                    : new UserException(
                            "Cannot write --output-table " + target.name() + ": " + Failures.firstLine(e), e);
        } finally {
            if (!keeps) {
                unused = spark.sql("DROP TABLE " + target.name());
            }
        }
    }

    private void requireReplaceable(CatalogTable table, OutputRun.Plan plan) {
        if (!plan.changes().isEmpty() && !TableFormat.of(table.provider()).replacesRows()) {
            throw new UserException("Cannot use --incremental, --prune or --retry-errors with --output-table "
                    + target.name() + ": its format is "
                    + (table.provider().isEmpty() ? "not known" : table.provider())
                    + ", expected delta or iceberg, which replace rows in one transaction; name such a table, or use"
                    + " --output");
        }
    }

    /** Where a run writes; empty where there is no place for its records. */
    private Optional<RunPlace> place(CatalogTable table, String id, RunPlace.Origin origin) {
        return Optional.ofNullable(session.spark().conf().get(RECORDS, null))
                .or(() -> table.location().map(location -> location + "/" + RunLog.NAME))
                .map(directory -> new Path(directory, id))
                .filter(this::isReachable)
                .map(records -> new RunPlace.Table(table.quoted(), target.name(), table.provider(), records, origin));
    }

    private boolean isReachable(Path path) {
        try {
            var unused = path.getFileSystem(session.hadoopConfiguration()).exists(path);
            return true;
        } catch (IOException | IllegalArgumentException e) {
            LOG.info("{} is no place that Hadoop reaches; the rows are written at the end, all at once", path, e);
            return false;
        }
    }

    private UserException unreachable(IOException e) {
        return new UserException(
                "Cannot write --output-table " + target.name() + ": its records are out of reach ("
                        + FileFailure.reason(e) + "), expected a location that Hadoop's file systems reach; mend it,"
                        + " or name another table",
                e);
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
