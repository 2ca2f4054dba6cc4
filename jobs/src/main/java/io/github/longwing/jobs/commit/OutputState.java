package io.github.longwing.jobs.commit;

import io.github.longwing.jobs.commit.SliceRecord.SliceFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * How an output stands by the records of its runs. Reads them also while a run writes, and changes nothing.
 *
 * @param runs in the order in which they began
 * @param files that hold the rows
 * @param rows committed; {@code errors} are those among them
 * @param pendingFiles of committed slices that are not in their place yet
 * @param staged what tasks have written and no slice has
 * @param marked documents that run alone, or that ended the process that ran them
 * @param holder of the lease, if there is one
 */
public record OutputState(
        List<Run> runs,
        int slices,
        int files,
        long rows,
        long errors,
        int pendingFiles,
        Staged staged,
        int marked,
        Optional<Holder> holder) {

    /** How a run stands. */
    public enum Standing {
        RUNNING,
        /** Its process ended without a word. */
        KILLED,
        STOPPED,
        FAILED,
        COMPLETE
    }

    /** A run and what of the output it has committed. */
    public record Run(RunRecord record, Standing standing, int slices, long rows, long errors) {}

    /** Files in the stages, with their bytes. */
    public record Staged(int files, long bytes) {}

    /**
     * Who has the lease.
     *
     * @param expires when it ends if nobody renews it
     */
    public record Holder(String run, ProcessIdentity process, String expires, Life life) {}

    /** Whether the holder of a lease still runs. */
    public enum Life {
        LIVES,
        /** Its process is on another host; what is known is that the lease has not expired. */
        PRESUMED,
        ENDED
    }

    /** Empty where no run has left a record. */
    public static Optional<OutputState> read(RunLog log) throws IOException {
        if (!log.fileSystem().exists(log.folder())) {
            return Optional.empty();
        }
        Optional<Holder> holder = holder(log);
        List<RunRecord> records = log.runs();
        List<SliceRecord> slices = log.slices();
        List<SliceFile> live = OutputRun.live(slices);
        int pending = 0;
        for (SliceFile file : live) {
            if (!file.path().equals(SliceFile.IN_TABLE)
                    && Moves.length(log.fileSystem(), new Path(log.output(), file.path())) != file.length()) {
                pending++;
            }
        }
        return Optional.of(new OutputState(
                records.stream().map(record -> run(record, slices, holder)).toList(),
                slices.size(),
                (int) live.stream()
                        .filter(file -> !file.path().equals(SliceFile.IN_TABLE))
                        .count(),
                live.stream().mapToLong(SliceFile::rows).sum(),
                live.stream().mapToLong(SliceFile::errors).sum(),
                pending,
                staged(log),
                marked(log),
                holder));
    }

    private static Run run(RunRecord record, List<SliceRecord> slices, Optional<Holder> holder) {
        List<SliceRecord> own =
                slices.stream().filter(slice -> slice.run().equals(record.id())).toList();
        return new Run(
                record,
                standing(record, holder),
                own.size(),
                own.stream().mapToLong(SliceRecord::rows).sum(),
                own.stream()
                        .flatMap(slice -> slice.files().stream())
                        .mapToLong(SliceFile::errors)
                        .sum());
    }

    private static Standing standing(RunRecord record, Optional<Holder> holder) {
        return switch (record.state()) {
            case COMPLETE -> Standing.COMPLETE;
            case STOPPED -> Standing.STOPPED;
            case FAILED -> Standing.FAILED;
            case RUNNING ->
                holder.filter(h -> h.run().equals(record.id()) && h.life() != Life.ENDED)
                                .isPresent()
                        ? Standing.RUNNING
                        : Standing.KILLED;
        };
    }

    private static Optional<Holder> holder(RunLog log) throws IOException {
        return Lease.holder(log).map(holder -> {
            ProcessIdentity process = holder.process();
            Life life = process.isOfThisHost()
                    ? (process.isAlive() ? Life.LIVES : Life.ENDED)
                    : (holder.isExpired() ? Life.ENDED : Life.PRESUMED);
            return new Holder(holder.run(), process, holder.expires(), life);
        });
    }

    private static Staged staged(RunLog log) throws IOException {
        int files = 0;
        long bytes = 0;
        try {
            RemoteIterator<LocatedFileStatus> all = log.fileSystem().listFiles(log.stages(), /* recursive */ true);
            while (all.hasNext()) {
                files++;
                bytes += all.next().getLen();
            }
        } catch (FileNotFoundException e) { // also where a run deletes its stage meanwhile
            return new Staged(files, bytes);
        }
        return new Staged(files, bytes);
    }

    private static int marked(RunLog log) throws IOException {
        int marked = 0;
        try {
            for (FileStatus file : log.fileSystem().listStatus(log.inflight())) {
                marked += file.getPath().getName().matches("[0-9a-f]+") ? 1 : 0;
            }
        } catch (FileNotFoundException e) {
            return 0;
        }
        return marked;
    }
}
