package io.github.longwing.readers.zip;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** The parts of a document that is a ZIP file. */
public final class ZipParts implements AutoCloseable {
    /** Nothing compresses better that is meant to be read. */
    private static final int MOST_COMPRESSION = 100;

    private static final long ALWAYS_ALLOWED_BYTES = 1 << 20;

    private final ZipFile zip;

    private ZipParts(ZipFile zip) {
        this.zip = zip;
    }

    /**
     * Of a file in memory.
     *
     * @throws IOException where it is no ZIP file, or has no end
     */
    public static ZipParts open(byte[] content) throws IOException {
        return new ZipParts(ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(content))
                .get());
    }

    List<String> names() {
        return Collections.list(zip.getEntries()).stream()
                .map(ZipArchiveEntry::getName)
                .toList();
    }

    boolean has(String name) {
        return zip.getEntry(name) != null;
    }

    /** @throws IOException where there is no such part, or where it is damaged or a bomb, as far as it is read */
    InputStream open(String name) throws IOException {
        ZipArchiveEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("its part " + name + " is missing");
        }
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw new EncryptedPart();
        }
        return new Checked(entry, new CheckedInputStream(zip.getInputStream(entry), new CRC32()));
    }

    byte[] read(String name) throws IOException {
        try (InputStream stream = open(name)) {
            return stream.readAllBytes();
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** A part asks for a password. */
    public static final class EncryptedPart extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Fails where more comes out than may, or other bytes than went in. */
    private static final class Checked extends FilterInputStream {
        private final ZipArchiveEntry entry;
        private final CheckedInputStream checked;
        private final long most;
        private long length;

        private Checked(ZipArchiveEntry entry, CheckedInputStream checked) {
            super(checked);
            this.entry = entry;
            this.checked = checked;
            this.most = Math.max(ALWAYS_ALLOWED_BYTES, MOST_COMPRESSION * entry.getCompressedSize());
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            int read = super.read(bytes, offset, count);
            if (read >= 0) {
                length += read;
                if (length > most) {
                    throw new IOException("it is a zip bomb: " + entry.getName() + " of " + entry.getCompressedSize()
                            + " bytes has more than " + most + " unpacked");
                }
            } else if (checked.getChecksum().getValue() != entry.getCrc()) {
                throw new IOException("the checksum of its part " + entry.getName() + " is wrong");
            }
            return read;
        }
    }
}
