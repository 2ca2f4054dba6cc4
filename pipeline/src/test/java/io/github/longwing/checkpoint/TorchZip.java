package io.github.longwing.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes pytorch_model.bin for tests, also wrong ones. */
final class TorchZip {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private int method = ZipEntry.STORED;

    TorchZip with(String name, byte[] data) {
        entries.put(name, data);
        return this;
    }

    TorchZip deflated() {
        method = ZipEntry.DEFLATED;
        return this;
    }

    Path write(Path directory) {
        Path file = directory.resolve("pytorch_model.bin");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                byte[] data = entry.getValue();
                CRC32 crc = new CRC32();
                crc.update(data);
                ZipEntry header = new ZipEntry(entry.getKey());
                header.setMethod(method);
                header.setSize(data.length);
                if (method == ZipEntry.STORED) {
                    header.setCompressedSize(data.length);
                }
                header.setCrc(crc.getValue());
                zip.putNextEntry(header);
                zip.write(data);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
