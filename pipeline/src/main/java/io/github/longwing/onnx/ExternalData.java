package io.github.longwing.onnx;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The file of weights beside the graphs of a model directory. Each parameter is stored once, however many graphs name
 * it, at the start of a page, so that sessions map it from disk. Not thread-safe; close when the last graph is written.
 */
public final class ExternalData implements Closeable {
    /** ONNX Runtime maps whole allocation units; 64 KiB serves every platform. */
    private static final int ALIGNMENT = 64 * 1024;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Location> locations = new HashMap<>();

    /** Where a parameter lies in the file, in bytes. */
    record Location(long offset, long length) {}

    public ExternalData(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    String fileName() {
        return file.getFileName().toString();
    }

    Location store(String name, TensorData data) throws IOException {
        Location known = locations.get(name);
        if (known != null) {
            return known;
        }
        long offset = (channel.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        channel.position(offset);
        data.writeTo(this::writeFully);
        long length = channel.position() - offset;
        if (length != data.bytes()) {
            throw new IllegalStateException(
                    "Cannot store " + name + ": it wrote " + length + " bytes, expected " + data.bytes());
        }
        Location location = new Location(offset, length);
        locations.put(name, location);
        return location;
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.force(true);
        channel.close();
    }
}
