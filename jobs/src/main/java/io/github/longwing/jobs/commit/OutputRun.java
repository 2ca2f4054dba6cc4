package io.github.longwing.jobs.commit;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.RunRecord.Settings;
import io.github.longwing.jobs.commit.RunRecord.State;
import io.github.longwing.jobs.commit.SliceRecord.SliceFile;
import io.github.longwing.jobs.commit.SliceSink.RowNames;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.ColumnName;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.executor.ExecutorLosses;
import io.github.longwing.spark.executor.Marker;
import io.github.longwing.spark.executor.Markers;
import io.github.longwing.spark.executor.WorkShares;
import io.github.longwing.spark.files.SourceFile;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.StopSignal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run into a directory of Parquet files or a table: finds out what is left to do, has it computed and commits it in slices.
 * Holds the lease of the output until it is closed. For one thread.
 */
public final class OutputRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputRun.class);
    private static final DateTimeFormatter ID = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    /** Rows for each partition of a small input: few, since some take a hundred times longer. */
    private static final int FEWEST_ROWS = 4;

    /** Of a large one: many, since each partition costs Spark a task and a file. */
    private static final int MOST_ROWS = 64;

    private static final int BUCKETS_PER_SLOT = 32;

    /** Spark's shuffle bears more, but each costs its driver some memory. */
    private static final int MAX_BUCKETS = 1 << 14;

    /** Each finds a document at least that ends its process; a corpus with more of them has another fault. */
    private static final int MAX_ATTEMPTS = 10;

    /** Of how many runs the lists of their files are kept: a stream has many runs, and each lists all files. */
    private static final int LISTS_OF_FILES = 10;

    /**
     * What the run is to be.
     *
     * @param version of the table that is the input, where it is known
     * @param columns of the input
     * @param schema of the output
     */
    public record Plan(
            Settings settings,
            Optional<List<SourceFile>> files,
            Optional<String> version,
            long limit,
            Set<Change> changes,
            StructType columns,
            StructType schema,
            List<String> partitionBy,
            List<String> ids,
            String resultPrefix,
            Duration sliceTime) {
        RowNames names() {
            List<String> keys = new ArrayList<>(ids);
            keys.add(resultPrefix + ResultSchema.FINGERPRINT);
            return new RowNames(keys, resultPrefix + ResultSchema.ERROR);
        }
    }

    private final JobSession session;
    private final Plan plan;
    private final RunLog log;
    private final Lease lease;
    private final String id;
    private final Continuation continuation;
    private final SliceSink sink;
    private final boolean isFirst;
    private final Suspects suspects;

    /** Over how many partitions the rows are spread by hash, 0 if by work; known once they are selected. */
    private int buckets;

    /** What it is to change, and what earlier runs began to change and did not end. */
    private final Set<Change> changes;

    private final List<SliceRecord> committed;

    /** Of all rows that the input has; known once they are selected. */
    private Dataset<Row> keys;

    private RunRecord record;
    private StagingWriter writer;

    /** Attempts after the first one. */
    private int attempts;

    private int marked;

    /** Processes that ended with a document that they ran alone, as far as markers tell. */
    private int deaths;

    private OutputRun(
            JobSession session,
            Plan plan,
            RunLog log,
            Lease lease,
            SliceSink sink,
            String id,
            Continuation continuation,
            List<SliceRecord> committed,
            List<RunRecord> before,
            Suspects suspects) {
        this.suspects = suspects;
        this.changes = changes(before, plan.changes());
        this.session = session;
        this.plan = plan;
        this.log = log;
        this.lease = lease;
        this.id = id;
        this.continuation = continuation;
        this.isFirst = continuation == Continuation.NEW;
        this.committed = Collections.synchronizedList(new ArrayList<>(committed));
        this.sink = sink;
    }

    /**
     * Takes the output and looks at what is there.
     *
     * @param say is told what takes time
     */
    public static OutputRun open(JobSession session, RunPlace place, Plan plan, Consumer<String> say)
            throws IOException {
        RunLog log = place.log(session.hadoopConfiguration());
        String id = newId();
        Lease lease = Lease.take(log, id, say);
        try {
            List<RunRecord> runs = log.runs();
            int slots = session.context().orElseThrow().defaultParallelism();
            Suspects suspects = Suspects.of(log, runs, slots);
            SliceSink sink = sink(session, place, plan, log, lease, id);
            List<SliceRecord> committed = sink.recover();
            Continuation continuation = Continuation.of(
                    log,
                    runs,
                    plan.settings(),
                    plan.files(),
                    plan.version(),
                    plan.limit(),
                    plan.changes(),
                    live(committed).stream().mapToLong(SliceFile::errors).sum());
            if (continuation == Continuation.COMPLETE) {
                sink.tellComplete(); // where its process died just before it did so
            }
            return new OutputRun(session, plan, log, lease, sink, id, continuation, committed, runs, suspects);
        } catch (IOException | RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    private static SliceSink sink(JobSession session, RunPlace place, Plan plan, RunLog log, Lease lease, String id) {
        if (place instanceof RunPlace.Table table) {
            return new TableSlices(session, table, log, lease, id, plan.schema(), plan.partitionBy(), plan.names());
        }
        return new FolderSlices(session, log, lease, id, plan.schema(), plan.partitionBy(), plan.names());
    }

    /**
     * Those of this run and of the unfinished ones before it: they may have left rows beside those that these replace. What is
     * to be removed with documents that are gone is not among the latter, since only who asks for that loses rows.
     */
    private static Set<Change> changes(List<RunRecord> runs, Set<Change> asked) {
        EnumSet<Change> changes = EnumSet.noneOf(Change.class);
        for (int i = runs.size() - 1; i >= 0 && runs.get(i).state() != State.COMPLETE; i--) {
            changes.addAll(runs.get(i).changes());
        }
        changes.remove(Change.GONE);
        changes.addAll(asked);
        return changes;
    }

    /** Whether the last run there is this one and has not ended: then it can be completed. */
    public static boolean isUnfinished(RunLog log, Plan plan) throws IOException {
        List<RunRecord> runs = log.runs();
        return !runs.isEmpty() && runs.get(runs.size() - 1).state() != State.COMPLETE && isOf(log, plan);
    }

    /** Whether the runs there are this one, killed and begun again. */
    public static boolean isOf(RunLog log, Plan plan) throws IOException {
        List<RunRecord> runs = log.runs();
        if (runs.isEmpty()) {
            return false;
        }
        try {
            Continuation unused = Continuation.of(
                    log, runs, plan.settings(), plan.files(), plan.version(), plan.limit(), Set.of(), /* errors */ 0);
            return true;
        } catch (UserException e) {
            LOG.debug("{} is of another run", log.output(), e);
            return false;
        }
    }

    /** Moves the rows of one output into another, in one step for whoever goes by its records. */
    public static void add(RunLog from, RunLog to) throws IOException {
        boolean hasRecords = !to.runs().isEmpty();
        List<SliceFile> files = new ArrayList<>();
        for (SliceRecord slice : from.slices()) {
            for (SliceFile file : slice.files()) {
                String there = "../" + from.output().getName() + "/" + file.path();
                files.add(new SliceFile(file.path(), there, file.length(), file.rows(), file.errors()));
            }
        }
        List<RunRecord> runs = from.runs();
        if (hasRecords && !files.isEmpty()) {
            RunRecord last = runs.get(runs.size() - 1);
            try (Lease lease = Lease.take(to, last.id(), LOG::info)) { // not beside a run that goes on with it
                LOG.debug("{} is held while rows are added: {}", Moves.shown(to.output()), lease);
                to.write(last);
                to.write(new SliceRecord(last.id(), 1, Instant.now().toString(), files, List.of()));
                FolderSlices.recover(to);
            }
        } else {
            for (SliceFile file : files) {
                Path staged = new Path(to.output(), file.staged());
                if (to.fileSystem().exists(staged)) {
                    Moves.move(to.fileSystem(), staged, new Path(to.output(), file.path()));
                }
            }
        }
        from.fileSystem().delete(from.output(), true);
    }

    private static String newId() {
        return ID.format(ZonedDateTime.now(ZoneOffset.UTC)) + "-"
                + UUID.randomUUID().toString().substring(0, 4);
    }

    public String id() {
        return id;
    }

    public Continuation continuation() {
        return continuation;
    }

    /** Rows that are committed. */
    public long documents() {
        return live().stream().mapToLong(SliceFile::rows).sum();
    }

    public long errors() {
        return live().stream().mapToLong(SliceFile::errors).sum();
    }

    /** The files that hold the rows of the output. */
    private List<SliceFile> live() {
        return live(committed);
    }

    static List<SliceFile> live(List<SliceRecord> slices) {
        Set<String> removed =
                slices.stream().flatMap(slice -> slice.removed().stream()).collect(Collectors.toSet());
        return slices.stream()
                .flatMap(slice -> slice.files().stream())
                .filter(file -> !removed.contains(file.path()))
                .toList();
    }

    /** From any thread. */
    public int slicesCommitted() {
        return committed.size();
    }

    /** Those rows of an input that are to be computed, spread over partitions by hash. */
    public UnaryOperator<Dataset<Row>> selection(RowIdentity identity, long expectedRows, int slots) {
        buckets = suspects.spread(expectedRows, buckets(expectedRows, slots));
        return documents -> identity.spread(left(identity, InputColumns.askEach(documents)), buckets);
    }

    /**
     * The same in partitions of about equal work, the largest first; their lengths are read when the selection is made.
     *
     * @param work what a text of so many bytes takes
     */
    public UnaryOperator<Dataset<Row>> selectionByWork(RowIdentity identity, int slots, LongToDoubleFunction work) {
        buckets = 0; // what lies where follows from all rows that are left, and is another thing in the next run
        return documents -> {
            Dataset<Row> rows = InputColumns.askEach(documents);
            WorkShares shares =
                    identity.shares(rows, committed.isEmpty() ? Optional.empty() : Optional.of(committedRows()), work);
            return identity.dealt(left(identity, rows), shares, wholeRounds(buckets(shares.documents(), slots), slots));
        };
    }

    private Dataset<Row> left(RowIdentity identity, Dataset<Row> rows) {
        keys = identity.keys(rows);
        return committed.isEmpty() ? rows : identity.missing(rows, committedRows());
    }

    /** With partitions of equal work, so many that the last ones end together. */
    private static int wholeRounds(int buckets, int slots) {
        return buckets <= slots ? buckets : (buckets + slots - 1) / slots * slots;
    }

    /** Of an unknown number of rows, given as negative, so many that a few large ones do not hold up the rest. */
    static int buckets(long rows, int slots) {
        long usual = (long) slots * BUCKETS_PER_SLOT;
        if (rows < 0) {
            return (int) Math.min(usual, MAX_BUCKETS);
        }
        long buckets = Math.max(rows / MOST_ROWS, Math.min(rows / FEWEST_ROWS, usual));
        return (int) Math.max(Math.min(Math.max(rows, 1), slots), Math.min(buckets, MAX_BUCKETS));
    }

    /** The keys of the rows that need not be computed. */
    private Dataset<Row> committedRows() {
        Dataset<Row> rows = sink.rows(committed);
        if (changes.contains(Change.ERRORS)) {
            rows = rows.where(ColumnName.column(plan.names().error()).isNull());
        }
        return rows.select(plan.names().keys().stream()
                .map(name -> ColumnName.column(name))
                .toArray(Column[]::new));
    }

    /** Where tasks note the document that they are about to run, should it end their process. */
    public String markers() {
        return log.inflight().toString();
    }

    /** Tells the tasks of this run to end. */
    public StopSignal stopSignal(boolean local) {
        StopSignal signal = StopSignal.of(id);
        return local ? signal : signal.watching(new Path(log.folder(), id + ".stop").toString());
    }

    /**
     * The same with markers, and with care where a document may have ended an earlier process; after {@link #selection};
     * with care everywhere where an attempt of this run has failed.
     *
     * @param local whether documents run in this process
     */
    public Isolation isolate(Isolation isolation, boolean local) {
        return attempts > 0
                ? isolation.withMarkers(markers(), Isolation.Care.ALWAYS)
                : suspects.isolate(isolation.withMarkers(markers(), Isolation.Care.ON_RETRY), local, buckets);
    }

    /**
     * After a failure: whether processes have ended with documents that they ran alone. Each further attempt knows more of
     * those documents, until it makes rows with an error of them, and so gets further.
     */
    public boolean beginsAgain() {
        List<Marker> markers = Markers.all(markers());
        int found = markers.stream().mapToInt(marker -> marker.deaths() + 1).sum();
        boolean more = found > deaths && attempts < MAX_ATTEMPTS;
        deaths = found;
        marked = markers.size();
        attempts += more ? 1 : 0;
        return more;
    }

    /** How many documents are known to end their process, or run alone. */
    public int marked() {
        return marked;
    }

    /** Notes why the process ended that left the markers that are there; {@code bin/longwing} knows it. */
    public void noteDeath(String reason) {
        for (Marker marker : Markers.all(markers())) {
            ExecutorLosses.note(markers(), marker.application(), marker.executor(), reason);
        }
    }

    /**
     * Computes the rows and commits them in slices.
     *
     * @param stopped whether no further rows are to be computed
     */
    public void write(Dataset<Row> result, BooleanSupplier stopped) throws IOException {
        record = RunRecord.begin(
                id,
                plan.settings(),
                plan.limit(),
                plan.files().map(List::size).orElse(-1),
                changes,
                plan.columns().json(),
                buckets,
                plan.version().orElse(null));
        plan.files().ifPresent(files -> {
            try {
                log.writeInputs(id, files);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e.getMessage(), e);
            }
        });
        log.write(record);
        writer = StagingWriter.of(
                session.spark(),
                session.hadoopConfiguration(),
                sink.stage(),
                plan.schema(),
                sink.directories(),
                plan.names().error());
        if (!changes.isEmpty() && !isFirst) {
            sink.expect(keys, changes);
        }
        new SlicedRun(
                        session.context().orElseThrow(),
                        StagingWriter.arrange(result, sink.directories())
                                .queryExecution()
                                .toRdd(),
                        writer,
                        plan.sliceTime(),
                        sink.partitionsPerSlot(),
                        files -> committed.add(sink.commit(files)),
                        stopped)
                .run();
        if (stopped.getAsBoolean()) {
            return;
        }
        sink.removeObsolete(List.copyOf(committed), writer).ifPresent(committed::add);
        if (live().isEmpty()) {
            sink.commitEmpty(writer).ifPresent(committed::add);
        }
    }

    /** All rows of the input are committed. */
    public void complete() throws IOException {
        lease.requireHeld();
        Markers.clear(markers());
        end(State.COMPLETE);
        sink.tellComplete();
    }

    /** The run ends before all rows are committed, and no task writes any more. */
    public void end(State state) throws IOException {
        if (record != null && record.state() == State.RUNNING && !lease.isLost()) {
            record = record.ended(state, documentsOfThisRun(), errorsOfThisRun());
            log.write(record);
        }
    }

    private long documentsOfThisRun() {
        return committed.stream()
                .filter(slice -> slice.run().equals(id))
                .mapToLong(SliceRecord::rows)
                .sum();
    }

    private long errorsOfThisRun() {
        return committed.stream()
                .filter(slice -> slice.run().equals(id))
                .flatMap(slice -> slice.files().stream())
                .mapToLong(SliceFile::errors)
                .sum();
    }

    /** Whether all rows of the input are committed. */
    public boolean isComplete() {
        return continuation == Continuation.COMPLETE || (record != null && record.state() == State.COMPLETE);
    }

    /** Whether a slice is committed whose files the next run puts into their places, since this one could not. */
    public boolean isPending() {
        return sink.isPending();
    }

    /** Whether this run has left nothing in an output that it found empty. */
    public boolean isWithoutTrace() {
        return isFirst && committed.isEmpty() && !sink.isPending();
    }

    @Override
    public void close() {
        try {
            if (record != null) {
                sink.close();
                log.forgetInputs(LISTS_OF_FILES);
            }
            if (!lease.isLost() && isWithoutTrace() && (record == null || record.state() != State.COMPLETE)) {
                log.fileSystem().delete(log.folder(), true);
            }
        } catch (IOException e) {
            LOG.warn("Cannot tidy {}; the next run does it", Moves.shown(log.folder()), e);
        } finally {
            lease.close();
            sink.tidy();
        }
    }
}
