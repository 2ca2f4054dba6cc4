package io.github.longwing.spark.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of the lines that begin in a range of a file; the last of them is given to its end. */
final class LineRange extends FilterInputStream {
    private final long end;
    private long position;
    private boolean atLineStart;

    private LineRange(InputStream stream, long position, long end) {
        super(stream);
        this.position = position;
        this.end = end;
    }

    /**
     * The lines that begin in the range.
     *
     * @param stream at the byte before the range, so that a line that begins with the range is seen to; at the first
     *     byte of the file where the range begins there
     */
    static LineRange of(InputStream stream, long begin, long end) throws IOException {
        LineRange range = new LineRange(stream, Math.max(0, begin - 1), end);
        range.atLineStart = begin == 0;
        while (!range.atLineStart) {
            int b = stream.read();
            if (b < 0) {
                break;
            }
            range.position++;
            range.atLineStart = b == '\n';
        }
        return range;
    }

    /** Where the byte that is read next stands in the file. */
    long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        if (isDone()) {
            return -1;
        }
        int b = in.read();
        if (b >= 0) {
            position++;
            atLineStart = b == '\n';
        }
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position < end) {
            int read = in.read(bytes, offset, (int) Math.min(length, end - position));
            if (read > 0) {
                position += read;
                atLineStart = bytes[offset + read - 1] == '\n';
            }
            return read;
        }
        int read = 0;
        while (read < length) {
            int b = read();
            if (b < 0) {
                break;
            }
            bytes[offset + read++] = (byte) b;
        }
        return read == 0 ? -1 : read;
    }

    private boolean isDone() {
        return position >= end && atLineStart;
    }
}
