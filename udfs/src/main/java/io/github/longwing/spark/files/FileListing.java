package io.github.longwing.spark.files;

import java.util.List;
import java.util.Map;

/**
 * The files that the paths of an input hold.
 *
 * @param files those to be read, by path
 * @param partitionColumns the keys of {@code key=value} folders
 * @param leftOut how many files are not read, by reason
 */
public record FileListing(List<SourceFile> files, List<String> partitionColumns, Map<LeftOut, Long> leftOut) {
    public FileListing {
        files = List.copyOf(files);
        partitionColumns = List.copyOf(partitionColumns);
        leftOut = Map.copyOf(leftOut);
    }

    /** Why a file is not read. */
    public enum LeftOut {
        HIDDEN("with a hidden name"),
        UNFINISHED("copied only in part"),
        DANGLING("a link to nothing"),
        LOOP("a link to a folder above it"),
        SPECIAL("no regular file"),
        REPEATED("named twice"),
        EMPTY("empty"),
        UNKNOWN("of an unknown type");

        private final String words;

        LeftOut(String words) {
            this.words = words;
        }

        /** As the account says it after a number. */
        String words() {
            return words;
        }
    }
}
