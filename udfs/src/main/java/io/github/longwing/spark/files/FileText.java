package io.github.longwing.spark.files;

import io.github.longwing.spark.files.SourceStreams.StorageException;
import java.io.BufferedInputStream;
import java.io.CharArrayReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The characters of a file behind a moving window, so that a file of any length takes as much memory as its longest
 * record. Bytes that are not of the charset stand as U+FFFD, and are remembered; a compressed file that is damaged ends
 * where the damage is, and why is remembered too. A byte-order mark names the charset whatever else was said, and is no
 * part of the text. Belongs to one thread.
 */
public final class FileText implements Closeable {
    /** What a window may hold: a text as long as the tasks take, with its escapes and what stands beside it. */
    public static final int MAX_WINDOW = 96 << 20;

    private static final int BYTES = 64 * 1024;

    private final InputStream stream;
    private final CharsetDecoder decoder;
    private final Charset charset;
    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES).flip();

    /** Where the first byte of the buffer stands in the text. */
    private long bytesAt;

    private char[] window = new char[BYTES / 4];
    private int start;
    private int end;

    /** How many characters were released. */
    private long released;

    private long line;
    private boolean noMoreBytes;
    private boolean atEnd;
    private IOException damage;
    private final Deque<Undecodable> undecodable = new ArrayDeque<>();

    /**
     * Bytes that are no text.
     *
     * @param at the place of their U+FFFD among the characters of the file
     * @param byteOffset where they stand in the file, without its compression
     * @param value the first of them
     */
    public record Undecodable(long at, long byteOffset, int value) {}

    private FileText(InputStream stream, Charset charset, long offset, long line) {
        this.stream = stream;
        this.charset = charset;
        this.bytesAt = offset;
        this.line = line;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Opens a part of a file at its first character. */
    public static FileText open(Slice slice, FormatOptions options, Configuration hadoop) throws IOException {
        if (slice.begin() > 0 || slice.end() != Slice.TO_THE_END) {
            long before = Math.max(0, slice.begin() - 1);
            LineRange lines = LineRange.of(
                    new BufferedInputStream(SourceStreams.stored(slice.file(), before, hadoop), BYTES),
                    slice.begin(),
                    slice.end());
            return slice.begin() > 0
                    ? new FileText(lines, options.charset(), lines.position(), slice.firstLine())
                    : marked(lines, options, slice.firstLine());
        }
        return marked(SourceStreams.decompressed(slice.file(), hadoop), options, slice.firstLine());
    }

    private static FileText marked(InputStream stream, FormatOptions options, long line) throws IOException {
        byte[] first = new byte[4];
        int length = 0;
        IOException damage = null;
        try {
            length = stream.readNBytes(first, 0, first.length);
        } catch (StorageException e) {
            throw e;
        } catch (IOException e) {
            damage = e;
        }
        Mark mark = Mark.of(first, length, options.charset());
        FileText text = new FileText(stream, mark.charset(), mark.length(), line);
        text.bytes.clear().put(first, mark.length(), length - mark.length()).flip();
        text.damage = damage;
        return text;
    }

    /** A byte-order mark. */
    public record Mark(Charset charset, int length) {
        /** The mark among the first bytes of a file, of which there are so many; none where there is none. */
        public static Mark of(byte[] first, int length, Charset otherwise) {
            int a = length > 0 ? first[0] & 0xFF : -1;
            int b = length > 1 ? first[1] & 0xFF : -1;
            int c = length > 2 ? first[2] & 0xFF : -1;
            int d = length > 3 ? first[3] & 0xFF : -1;
            if (a == 0xEF && b == 0xBB && c == 0xBF) {
                return new Mark(StandardCharsets.UTF_8, 3);
            }
            if (a == 0 && b == 0 && c == 0xFE && d == 0xFF) {
                return new Mark(Charset.forName("UTF-32BE"), 4);
            }
            if (a == 0xFF && b == 0xFE && c == 0 && d == 0) {
                return new Mark(Charset.forName("UTF-32LE"), 4);
            }
            if (a == 0xFE && b == 0xFF) {
                return new Mark(StandardCharsets.UTF_16BE, 2);
            }
            if (a == 0xFF && b == 0xFE) {
                return new Mark(StandardCharsets.UTF_16LE, 2);
            }
            return new Mark(otherwise, 0);
        }
    }

    /** The charset that the file is read in. */
    public Charset charset() {
        return charset;
    }

    /** How many characters of the file stand before the window. */
    public long released() {
        return released;
    }

    /** The number of the line that the window begins in. */
    public long line() {
        return line;
    }

    /** The number of the line that a character of the window stands in. */
    public long lineAt(int index) {
        long at = line;
        for (int i = start; i < Math.min(end, start + index); i++) {
            at += window[i] == '\n' ? 1 : 0;
        }
        return at;
    }

    /** A character of the window, which grows as far as it is asked for; -1 behind the end. */
    public int at(int index) throws IOException {
        int i = start + index;
        return i < end || fill(index) ? window[start + index] : -1;
    }

    /** Whether this window can hold no more. */
    public static boolean isTooLong(int index) {
        return index >= MAX_WINDOW;
    }

    /** Moves the beginning of the window. */
    public void release(int length) {
        for (int i = start; i < start + length; i++) {
            line += window[i] == '\n' ? 1 : 0;
        }
        start += length;
        released += length;
        while (!undecodable.isEmpty() && undecodable.getFirst().at() < released) {
            undecodable.removeFirst();
        }
    }

    /** Characters of the window. */
    public String string(int from, int to) {
        return new String(window, start + from, to - from);
    }

    /** Characters of the window, for a parser to read. */
    public Reader reader(int from, int to) {
        return new CharArrayReader(window, start + from, to - from);
    }

    /** The first bytes among so many characters of the window that are no text. */
    public Optional<Undecodable> undecodable(int length) {
        return undecodable.isEmpty() || undecodable.getFirst().at() >= released + length
                ? Optional.empty()
                : Optional.of(undecodable.getFirst());
    }

    /** Why the file ends before its end; empty for one that does not, or has not yet. */
    public Optional<IOException> damage() {
        return atEnd ? Optional.ofNullable(damage) : Optional.empty();
    }

    private boolean fill(int index) throws IOException {
        while (start + index >= end && !atEnd) {
            makeRoom();
            decode();
        }
        return start + index < end;
    }

    private void makeRoom() {
        if (window.length - end >= window.length / 4) {
            return;
        }
        int length = end - start;
        char[] target = length > window.length / 2 ? new char[window.length * 2] : window;
        System.arraycopy(window, start, target, 0, length);
        window = target;
        start = 0;
        end = length;
    }

    private void decode() throws IOException {
        if (!bytes.hasRemaining() && !noMoreBytes) {
            noMoreBytes = !read();
        }
        // one place is left for what stands for undecodable bytes
        CharBuffer out = CharBuffer.wrap(window, end, window.length - end - 1);
        int before = bytes.position();
        CoderResult result = decoder.decode(bytes, out, noMoreBytes);
        end = out.position();
        if (result.isError()) {
            undecodable.addLast(new Undecodable(
                    released + end - start, bytesAt + bytes.position(), bytes.get(bytes.position()) & 0xFF));
            bytes.position(bytes.position() + result.length());
            window[end++] = '\uFFFD';
        } else if (result.isUnderflow() && noMoreBytes) {
            CoderResult unused = decoder.flush(CharBuffer.wrap(window, end, window.length - end));
            atEnd = true;
        } else if (result.isUnderflow() && bytes.position() == before) { // a part of a character
            noMoreBytes = !read();
        }
    }

    /** Reads on behind the bytes that are left; false at the end. */
    private boolean read() throws IOException {
        bytesAt += bytes.position();
        bytes.compact();
        int read = -1;
        try {
            read = damage == null ? stream.read(bytes.array(), bytes.position(), bytes.remaining()) : -1;
        } catch (StorageException e) {
            throw e;
        } catch (IOException e) {
            damage = e;
        }
        bytes.position(bytes.position() + Math.max(0, read)).flip();
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
