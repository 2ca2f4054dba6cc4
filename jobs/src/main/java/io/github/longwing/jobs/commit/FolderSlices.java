package io.github.longwing.jobs.commit;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.ObsoleteRows.Gone;
import io.github.longwing.jobs.commit.SliceRecord.SliceFile;
import io.github.longwing.jobs.session.JobSession;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slices of a directory of Parquet files. A slice is committed by its record; then its files take their places, each
 * in one rename. A process that dies in between leaves the record, and {@link #recover} of the next run ends what it
 * began. For one thread at a time, under the {@link Lease} of the output.
 */
final class FolderSlices implements SliceSink {
    private static final Logger LOG = LoggerFactory.getLogger(FolderSlices.class);

    /** Rows of a partition value are put into one file up to about this size. */
    private static final long MAX_FILE_BYTES = 256L << 20;

    private static final String SUCCESS = "_SUCCESS";
    private static final Duration AT_THE_END = Duration.ofDays(365);

    private final JobSession session;
    private final RunLog log;
    private final Lease lease;
    private final Compaction compaction;
    private final String run;
    private final StructType schema;
    private final List<String> partitionBy;
    private final RowNames names;
    private int number;

    /** The keys of all rows that the input has; null where no rows that are there are changed. */
    private Dataset<Row> input;

    private Gone gone = Gone.STAY;

    /** The slice whose commit has begun and not ended; null while there is none. */
    private SliceRecord begun;

    FolderSlices(
            JobSession session,
            RunLog log,
            Lease lease,
            String run,
            StructType schema,
            List<String> partitionBy,
            RowNames names) {
        this.session = session;
        this.log = log;
        this.lease = lease;
        this.compaction = new Compaction(session.hadoopConfiguration());
        this.run = run;
        this.schema = schema;
        this.partitionBy = List.copyOf(partitionBy);
        this.names = names;
    }

    @Override
    public List<SliceRecord> recover() throws IOException {
        return recover(log);
    }

    /**
     * Ends what a process began that died, deletes what no slice has taken, and checks that all files are there.
     *
     * @return all slices
     * @throws UserException naming a file that is missing, changed, or of nobody's
     */
    static List<SliceRecord> recover(RunLog log) throws IOException {
        List<SliceRecord> slices = log.slices();
        Map<String, Long> there = files(log);
        Set<String> removed = new HashSet<>();
        slices.forEach(slice -> removed.addAll(slice.removed()));
        Set<String> known = new LinkedHashSet<>();
        for (SliceRecord slice : slices) {
            for (SliceFile file : slice.files()) {
                if (!removed.contains(file.path())) {
                    known.add(file.path());
                    settle(log, slice, file, there.getOrDefault(file.path(), -1L));
                }
            }
        }
        for (String path : there.keySet()) {
            if (removed.contains(path)) {
                log.fileSystem().delete(new Path(log.output(), path), false);
            } else if (!known.contains(path)) {
                throw new UserException("Cannot go on with " + log.name() + ": it holds " + path
                        + ", which is of no run, expected the files of its runs alone; move it elsewhere, or name another"
                        + " output");
            }
        }
        deleteStages(log);
        return slices;
    }

    private static void settle(RunLog log, SliceRecord slice, SliceFile file, long length) throws IOException {
        if (length == file.length()) {
            return;
        }
        FileSystem fileSystem = log.fileSystem();
        Path path = new Path(log.output(), file.path());
        Path staged = new Path(log.output(), file.staged());
        if (Moves.length(fileSystem, staged) == file.length()) {
            // also in the place of half a file, where renaming copies
            Moves.replace(fileSystem, staged, ensureParent(fileSystem, path));
            LOG.info("{} of slice {} is in its place now", file.path(), slice.name());
            return;
        }
        throw new UserException("Cannot go on with " + log.name() + ": " + file.path() + " of slice "
                + slice.name()
                + (length < 0 ? " is missing" : " is " + length + " bytes long")
                + ", expected " + file.length() + " bytes; restore it from a copy, or write another output");
    }

    private static Path ensureParent(FileSystem fileSystem, Path path) throws IOException {
        fileSystem.mkdirs(path.getParent());
        return path;
    }

    /** The files of rows by their paths relative to the output, with their lengths. */
    private static Map<String, Long> files(RunLog log) throws IOException {
        Map<String, Long> files = new HashMap<>();
        String root = log.fileSystem().makeQualified(log.output()).toUri().getPath() + "/";
        RemoteIterator<LocatedFileStatus> all;
        try {
            all = log.fileSystem().listFiles(log.output(), /* recursive */ true);
        } catch (FileNotFoundException e) {
            return files;
        }
        while (all.hasNext()) {
            FileStatus file = all.next();
            String path = file.getPath().toUri().getPath().substring(root.length());
            if (!path.startsWith(RunLog.NAME + "/") && path.endsWith(".parquet")) {
                files.put(path, file.getLen());
            }
        }
        return files;
    }

    private static void deleteStages(RunLog log) throws IOException {
        log.fileSystem().delete(log.stages(), true);
    }

    @Override
    public List<String> directories() {
        return partitionBy;
    }

    @Override
    public int partitionsPerSlot() {
        return SlicedRun.MOST_PARTITIONS_PER_SLOT;
    }

    @Override
    public Path stage() {
        return log.stage(run);
    }

    @Override
    public Dataset<Row> rows(List<SliceRecord> committed) {
        return read(OutputRun.live(committed));
    }

    /** The rows of these files; not of whatever else lies in the directory. */
    private Dataset<Row> read(List<SliceFile> files) {
        return session.spark()
                .read()
                .schema(schema)
                .option("basePath", log.output().toString())
                .parquet(files.stream()
                        .map(file -> new Path(log.output(), file.path()).toString())
                        .toArray(String[]::new));
    }

    @Override
    public void expect(Dataset<Row> keys, Set<Change> changes) {
        input = keys;
        gone = changes.contains(Change.GONE) ? Gone.GO : Gone.STAY;
    }

    @Override
    public Optional<SliceRecord> removeObsolete(List<SliceRecord> committed, StagingWriter writer) throws IOException {
        if (input == null) {
            return Optional.empty();
        }
        List<SliceFile> live = OutputRun.live(committed);
        Dataset<Row> obsolete = new ObsoleteRows(names.keys(), names.error())
                .find(read(live), input, gone)
                .cache();
        try {
            Set<String> paths = obsolete.select(obsolete.columns()[0]).distinct().collectAsList().stream()
                    .map(row -> URI.create(row.getString(0)).getPath())
                    .collect(Collectors.toSet());
            String root = log.fileSystem().makeQualified(log.output()).toUri().getPath() + "/";
            List<SliceFile> affected = live.stream()
                    .filter(file -> paths.contains(root + file.path()))
                    .toList();
            if (affected.isEmpty()) {
                return Optional.empty();
            }
            List<String> removed = affected.stream().map(SliceFile::path).toList();
            Dataset<Row> kept = ObsoleteRows.kept(read(affected), obsolete);
            List<StagedFile> staged = new ArrayList<>();
            new SlicedRun(
                            session.context().orElseThrow(),
                            StagingWriter.arrange(kept, partitionBy)
                                    .queryExecution()
                                    .toRdd(),
                            writer,
                            AT_THE_END,
                            SlicedRun.MOST_PARTITIONS_PER_SLOT,
                            staged::addAll,
                            () -> false)
                    .run();
            return Optional.of(commit(staged, removed));
        } finally {
            Dataset<Row> unused = obsolete.unpersist();
        }
    }

    @Override
    public SliceRecord commit(List<StagedFile> staged) throws IOException {
        return commit(staged, List.of());
    }

    /** A file without rows, from which readers take the columns; directories would need values. */
    @Override
    public Optional<SliceRecord> commitEmpty(StagingWriter writer) throws IOException {
        return partitionBy.isEmpty() ? Optional.of(commit(List.of(writer.writeEmpty()))) : Optional.empty();
    }

    /**
     * Commits the rows of these files, and lets readers see them.
     *
     * @param removed files whose rows they replace, relative to the output
     */
    private SliceRecord commit(List<StagedFile> staged, List<String> removed) throws IOException {
        lease.requireHeld();
        number++;
        List<SliceFile> files = new ArrayList<>();
        for (Map.Entry<String, List<StagedFile>> partition : byPartition(staged).entrySet()) {
            for (List<StagedFile> group : groups(partition.getValue())) {
                files.add(fileOf(partition.getKey(), group, files.size()));
            }
        }
        for (SliceFile file : files) {
            Moves.flush(log.fileSystem(), new Path(log.output(), file.staged()));
        }
        SliceRecord slice = new SliceRecord(run, number, Instant.now().toString(), files, removed);
        begun = slice;
        log.write(slice);
        for (SliceFile file : files) {
            Path place = new Path(log.output(), file.path());
            Moves.move(log.fileSystem(), new Path(log.output(), file.staged()), place);
            Moves.flush(log.fileSystem(), place.getParent());
        }
        for (String path : removed) {
            log.fileSystem().delete(new Path(log.output(), path), false);
        }
        begun = null;
        return slice;
    }

    /**
     * Whether a slice has its record while its files are not all in their places, as after a failure between the two: the
     * next run ends it. True also where that cannot be found out.
     */
    @Override
    public boolean isPending() {
        try {
            return begun != null && log.has(begun);
        } catch (IOException e) {
            LOG.debug("Cannot look for the record of slice {}", begun.name(), e);
            return true;
        }
    }

    /** Leaves the file by which others know that an output is complete. */
    @Override
    public void tellComplete() throws IOException {
        Path success = new Path(log.output(), SUCCESS);
        if (!log.fileSystem().exists(success)) {
            log.fileSystem().create(success, /* overwrite */ true).close();
        }
    }

    @Override
    public void tidy() {
        try {
            for (Path folder : List.of(log.folder(), log.output())) {
                if (log.fileSystem().exists(folder) && log.fileSystem().listStatus(folder).length == 0) {
                    log.fileSystem().delete(folder, false);
                }
            }
        } catch (IOException e) {
            LOG.debug("Cannot look at {}", log.folder(), e);
        }
    }

    @Override
    public void close() throws IOException {
        if (isPending()) {
            return;
        }
        log.fileSystem().delete(stage(), true);
        try {
            if (log.fileSystem().listStatus(log.stages()).length == 0) {
                log.fileSystem().delete(log.stages(), false);
            }
        } catch (FileNotFoundException e) {
            LOG.debug("{} has no stage", log.folder(), e);
        }
    }

    private static Map<String, List<StagedFile>> byPartition(List<StagedFile> staged) {
        Map<String, List<StagedFile>> partitions = new LinkedHashMap<>();
        staged.forEach(file -> partitions
                .computeIfAbsent(file.partition(), p -> new ArrayList<>())
                .add(file));
        return partitions;
    }

    private static List<List<StagedFile>> groups(List<StagedFile> files) {
        List<List<StagedFile>> groups = new ArrayList<>();
        long bytes = MAX_FILE_BYTES;
        for (StagedFile file : files) {
            if (bytes + file.length() > MAX_FILE_BYTES) {
                groups.add(new ArrayList<>());
                bytes = 0;
            }
            groups.get(groups.size() - 1).add(file);
            bytes += file.length();
        }
        return groups;
    }

    private SliceFile fileOf(String partition, List<StagedFile> group, int index) throws IOException {
        Path source = new Path(group.get(0).path());
        if (group.size() > 1) {
            source = new Path(stage(), String.format(Locale.ROOT, "slice-%05d-%d.rows", number, index));
            compaction.merge(group.stream().map(file -> new Path(file.path())).toList(), source);
        }
        String name = String.format(Locale.ROOT, "part-%s-%05d-%d.parquet", run, number, index);
        return new SliceFile(
                partition.isEmpty() ? name : partition + "/" + name,
                RunLog.NAME + "/stage/" + run + "/" + source.getName(),
                log.fileSystem().getFileStatus(source).getLen(),
                group.stream().mapToLong(StagedFile::rows).sum(),
                group.stream().mapToLong(StagedFile::errors).sum());
    }
}
