package io.github.longwing.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Writes model.safetensors for tests, also wrong ones. */
final class Safetensors {
    private Safetensors() {}

    /** Vectors in float32, by name. */
    static void write(Path directory, Map<String, float[]> vectors) {
        StringJoiner header = new StringJoiner(",", "{", "}");
        ByteBuffer data = ByteBuffer.allocate(vectors.values().stream()
                        .mapToInt(v -> Float.BYTES * v.length)
                        .sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        new TreeMap<>(vectors).forEach((name, values) -> {
            int begin = data.position();
            for (float value : values) {
                data.putFloat(value);
            }
            header.add("\"%s\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
                    .formatted(name, values.length, begin, data.position()));
        });
        write(directory, header.toString(), data.array());
    }

    static void write(Path directory, String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        write(directory, json.length, json, data);
    }

    static void write(Path directory, long headerLength, byte[] header, byte[] data) {
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerLength)
                .put(header)
                .put(data);
        try {
            Files.write(directory.resolve("model.safetensors"), file.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
