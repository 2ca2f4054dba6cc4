package io.github.longwing.spark.files;

import java.io.Serializable;

/**
 * A part of a file: the lines that begin in a range of bytes.
 *
 * @param begin its first byte, 0 for a whole file
 * @param end behind its last byte; {@link #TO_THE_END} for what goes on to the end of the file
 * @param firstLine the number of the first line that begins in it, from 1; 0 where nobody has counted
 */
public record Slice(SourceFile file, long begin, long end, long firstLine) implements Serializable {
    /** The end of a part that goes on to the end of its file. */
    public static final long TO_THE_END = Long.MAX_VALUE;

    /** All of a file. */
    public static Slice whole(SourceFile file) {
        return new Slice(file, 0, TO_THE_END, 1);
    }

    /** The same with the number of its first line. */
    public Slice withFirstLine(long line) {
        return new Slice(file, begin, end, line);
    }
}
