package io.github.longwing.checkpoint;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One file of a checkpoint, open for reading. Its structure is read onto the heap, its tensors are mapped. */
public final class MappedFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final long size;

    private MappedFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    static MappedFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new UserException("Cannot read " + path + ": it is not a file, expected weights");
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new MappedFile(path, channel, channel.size());
        } catch (IOException e) {
            throw new UserException("Cannot read " + path + ": " + e + ", expected a readable file", e);
        }
    }

    Path path() {
        return path;
    }

    public long size() {
        return size;
    }

    /** A copy of some bytes, little-endian; the caller has checked that they lie inside the file. */
    public ByteBuffer copy(long position, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, position + bytes.position()) < 0) {
                    throw new UserException("Cannot read " + path + ": it became shorter while it was read");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        }
        return bytes.flip();
    }

    /** Part of the file; mapped when it is first read. */
    MappedRegion region(long position, long length) {
        return new MappedRegion(this, position, length, MappedRegion.PIECE_BYTES);
    }

    ByteBuffer map(long position, long length) {
        try {
            return channel.map(MapMode.READ_ONLY, position, length).order(ByteOrder.LITTLE_ENDIAN);
        } catch (ClosedChannelException e) {
            throw new IllegalStateException("Cannot read " + path + ": its checkpoint is closed", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot map " + path, e);
        }
    }

    public UserException unreadable(String problem) {
        return new UserException("Cannot read " + path + ": " + problem);
    }

    public UserException unreadable(String problem, Throwable cause) {
        return new UserException("Cannot read " + path + ": " + problem, cause);
    }

    /** Regions that were mapped stay readable until they are collected; nothing more can be mapped. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + path, e);
        }
    }
}
