package io.github.longwing.jobs.commit;

import io.github.longwing.jobs.commit.RunRecord.State;
import io.github.longwing.spark.options.Isolation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;

/**
 * The documents among which one may have ended the process of an earlier run: those of the partitions that it had begun. It
 * begins them in the order of their numbers, so that they are the first ones where the rows are spread over as many again.
 *
 * @param deaths of processes one after the other, up to now
 * @param buckets over which the last of them had spread its rows; 0 where it is not known
 * @param begun no partition from this number on had been begun
 */
record Suspects(int deaths, int buckets, int begun) {
    private static final Pattern STAGED = Pattern.compile("(\\d+)-\\d+-\\d+\\.rows");

    /** Of runs in the order in which they began; before their stages are deleted. */
    static Suspects of(RunLog log, List<RunRecord> runs, int slots) throws IOException {
        int deaths = 0;
        for (int i = runs.size() - 1; i >= 0 && runs.get(i).state() == State.RUNNING; i--) {
            deaths++;
        }
        if (deaths == 0) {
            return new Suspects(0, 0, 0);
        }
        RunRecord last = runs.get(runs.size() - 1);
        int highest = -1;
        for (FileStatus file : staged(log, last)) {
            Matcher name = STAGED.matcher(file.getPath().getName());
            highest = name.matches() ? Math.max(highest, Integer.parseInt(name.group(1))) : highest;
        }
        // what has written no file yet is in one of the jobs that run at a time
        return new Suspects(deaths, last.buckets(), highest + 1 + SlicedRun.mostUnderWay(slots));
    }

    private static List<FileStatus> staged(RunLog log, RunRecord run) throws IOException {
        try {
            return List.of(log.fileSystem().listStatus(log.stage(run.id())));
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /**
     * The same with careful tasks where one of the suspects runs. A process that only drives others is ended by no document.
     *
     * @param spread over how many partitions the rows are spread by hash now; 0 by work
     */
    Isolation isolate(Isolation isolation, boolean local, int spread) {
        boolean alike = spread == buckets && spread > 0;
        if (deaths > 1 || (deaths == 1 && local && !alike)) {
            return isolation.withCare(Isolation.Care.ALWAYS);
        }
        return deaths == 1 && local ? isolation.withCarefulPartitions(begun) : isolation;
    }

    /** Over how many partitions rows are to be spread, of which so many suit their number; negative for an unknown number. */
    int spread(long rows, int suitable) {
        boolean few = rows >= 0 && rows < buckets;
        return deaths == 1 && buckets > 0 && !few ? buckets : suitable;
    }
}
