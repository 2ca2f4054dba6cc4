package io.github.longwing.jobs.commit;

import java.util.List;
import java.util.Objects;

/**
 * What a slice has made of the output: written before its files take their places, so that whoever finds it can end what
 * it began.
 *
 * @param run that committed it
 * @param number within the run, from 1
 * @param committed when
 * @param files that hold the rows
 * @param removed files of earlier slices whose rows these files hold instead, relative to the output
 */
public record SliceRecord(String run, int number, String committed, List<SliceFile> files, List<String> removed) {
    public SliceRecord {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(committed, "committed");
        files = List.copyOf(files);
        removed = List.copyOf(removed);
    }

    /**
     * A file of a slice.
     *
     * @param path relative to the output
     * @param staged where it lay before, relative to the output
     * @param length in bytes
     * @param errors rows with an error, among the rows
     */
    public record SliceFile(String path, String staged, long length, long rows, long errors) {
        /** In the place of a path: the rows are in a table. Where it has taken away more than it added, they are negative. */
        static final String IN_TABLE = "";

        public SliceFile {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(staged, "staged");
        }
    }

    long rows() {
        return files.stream().mapToLong(SliceFile::rows).sum();
    }

    /** What messages and files call it. */
    String name() {
        return name(run, number);
    }

    static String name(String run, int number) {
        return run + "-" + String.format(java.util.Locale.ROOT, "%05d", number);
    }
}
