package io.github.longwing.spark.source;

import java.io.Serializable;

/**
 * A part of a file: the lines that begin in a range of bytes.
 *
 * @param begin its first byte, 0 for a whole file
 * @param end behind its last byte; {@link #TO_THE_END} for what goes on to the end of the file
 * @param firstLine the number of the first line that begins in it, from 1; 0 where nobody has counted
 */
record Slice(SourceFile file, long begin, long end, long firstLine) implements Serializable {
    static final long TO_THE_END = Long.MAX_VALUE;

    static Slice whole(SourceFile file) {
        return new Slice(file, 0, TO_THE_END, 1);
    }

    Slice withFirstLine(long line) {
        return new Slice(file, begin, end, line);
    }
}
