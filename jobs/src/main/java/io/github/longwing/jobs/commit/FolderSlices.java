package io.github.longwing.jobs.commit;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.SliceRecord.SliceFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slices of a directory of Parquet files. A slice is committed by its record; then its files take their places, each
 * in one rename. A process that dies in between leaves the record, and {@link #recover} of the next run ends what it
 * began. For one thread at a time, under the {@link Lease} of the output.
 */
public final class FolderSlices {
    private static final Logger LOG = LoggerFactory.getLogger(FolderSlices.class);

    /** Rows of a partition value are put into one file up to about this size. */
    private static final long MAX_FILE_BYTES = 256L << 20;

    private final RunLog log;
    private final Compaction compaction;
    private final String run;
    private int number;

    /** The slice whose commit has begun and not ended; null while there is none. */
    private SliceRecord begun;

    FolderSlices(RunLog log, Configuration hadoop, String run) {
        this.log = log;
        this.compaction = new Compaction(hadoop);
        this.run = run;
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
                throw new UserException("Cannot go on with " + Moves.shown(log.output()) + ": it holds " + path
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
        throw new UserException("Cannot go on with " + Moves.shown(log.output()) + ": " + file.path() + " of slice "
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

    /** Where the tasks of this run write. */
    Path stage() {
        return log.stage(run);
    }

    /**
     * Commits the rows of these files, and lets readers see them.
     *
     * @param removed files whose rows they replace, relative to the output
     */
    SliceRecord commit(List<StagedFile> staged, List<String> removed) throws IOException {
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
    boolean isPending() {
        try {
            return begun != null && log.has(begun);
        } catch (IOException e) {
            LOG.debug("Cannot look for the record of slice {}", begun.name(), e);
            return true;
        }
    }

    /** The run has ended: what its tasks have written and no slice has is of no use. */
    void close() throws IOException {
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
