package io.github.longwing.spark.files;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.security.AccessControlException;

/** Opens files and undoes their compression, which their first bytes tell, and their names where those say nothing. */
public final class SourceStreams {
    private static final int BUFFER = 64 * 1024;
    private static final int MAGIC = 10;

    private SourceStreams() {}

    /**
     * The file system fails, not the file: a matter for another attempt of the task, unlike damage, which every attempt
     * finds again.
     */
    public static final class StorageException extends IOException {
        private static final long serialVersionUID = 1L;

        StorageException(SourceFile file, IOException cause) {
            super("Cannot read " + file.shown() + ": " + cause, cause);
        }
    }

    /** The bytes as they are stored, from a position. */
    public static InputStream stored(SourceFile file, long position, Configuration hadoop) throws IOException {
        try {
            return new Stored(file, open(file, position, hadoop));
        } catch (AccessDeniedException | AccessControlException e) {
            throw new DocumentException(
                    Kind.UnreadableFile,
                    "Cannot read " + file.shown() + ": this user may not, expected a file that may be read",
                    e);
        } catch (IOException e) {
            throw new StorageException(file, e);
        }
    }

    private static InputStream open(SourceFile file, long position, Configuration hadoop) throws IOException {
        if (file.isLocal()) {
            SeekableByteChannel channel = Files.newByteChannel(Path.of(URI.create(file.location())));
            return Channels.newInputStream(channel.position(position));
        }
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.location());
        FSDataInputStream stream = path.getFileSystem(hadoop).open(path);
        stream.seek(position);
        return stream;
    }

    /** The bytes of a whole file without its compression. */
    public static InputStream decompressed(SourceFile file, Configuration hadoop) throws IOException {
        PushbackInputStream stream = new Ahead(new BufferedInputStream(stored(file, 0, hadoop), BUFFER));
        try {
            byte[] beginning = stream.readNBytes(MAGIC);
            stream.unread(beginning);
            String compression = compression(beginning);
            if (compression.equals("zip")) {
                throw new DocumentException(
                        Kind.UnreadableFile,
                        "Cannot read " + file.shown()
                                + ": it is a ZIP archive, expected a file that is compressed alone;"
                                + " unpack it before");
            }
            if (compression.equals(CompressorStreamFactory.GZIP)) { // the JDK's gives all that stands before damage
                return new GZIPInputStream(stream, BUFFER);
            }
            if (!compression.isEmpty()) {
                // several compressed files one behind the other are one text
                InputStream decompressed = new CompressorStreamFactory(/* decompressUntilEOF */ true)
                        .createCompressorInputStream(compression, stream);
                return compression.equals(CompressorStreamFactory.BZIP2) ? new UntilDamage(decompressed) : decompressed;
            }
            CompressionCodec codec = beginning.length == 0 ? null : codec(file, hadoop);
            return codec == null ? stream : codec.createInputStream(stream);
        } catch (CompressorException | LinkageError e) {
            stream.close();
            if (e.getCause() instanceof StorageException storage) {
                throw storage;
            }
            throw new DocumentException(
                    Kind.UnreadableFile,
                    "Cannot read " + file.shown() + ": its compression cannot be undone here (" + e.getMessage()
                            + "), expected gzip, bzip2, xz, Zstandard, LZ4 or Snappy; decompress it before",
                    e);
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    /** Whether the first bytes are those of a compressed file. */
    public static boolean isCompressed(SourceFile file, byte[] beginning) {
        return !compression(beginning).isEmpty() || hadoopEnding(file.name());
    }

    /** Compressions that leave no mark at the beginning of a file. */
    private static boolean hadoopEnding(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".deflate") || lower.endsWith(".snappy") || lower.endsWith(".lz4");
    }

    private static CompressionCodec codec(SourceFile file, Configuration hadoop) {
        return hadoopEnding(file.name())
                ? new CompressionCodecFactory(hadoop).getCodec(new org.apache.hadoop.fs.Path("/" + ending(file.name())))
                : null;
    }

    private static String ending(String name) {
        return "x" + name.substring(name.lastIndexOf('.'));
    }

    private static String compression(byte[] b) {
        if (begins(b, 0x1F, 0x8B, 0x08)) {
            return CompressorStreamFactory.GZIP;
        }
        if (begins(b, 'B', 'Z', 'h') && (matches(b, 4, 0x31, 0x41, 0x59) || matches(b, 4, 0x17, 0x72, 0x45))) {
            return CompressorStreamFactory.BZIP2;
        }
        if (begins(b, 0xFD, '7', 'z', 'X', 'Z', 0)) {
            return CompressorStreamFactory.XZ;
        }
        if (begins(b, 0x28, 0xB5, 0x2F, 0xFD)) {
            return CompressorStreamFactory.ZSTANDARD;
        }
        if (begins(b, 0x04, 0x22, 0x4D, 0x18)) {
            return CompressorStreamFactory.LZ4_FRAMED;
        }
        if (begins(b, 0xFF, 0x06, 0x00, 0x00, 's', 'N', 'a', 'P', 'p', 'Y')) {
            return CompressorStreamFactory.SNAPPY_FRAMED;
        }
        return begins(b, 'P', 'K', 3, 4) ? "zip" : "";
    }

    private static boolean begins(byte[] bytes, int... magic) {
        return matches(bytes, 0, magic);
    }

    private static boolean matches(byte[] bytes, int from, int... magic) {
        byte[] expected = new byte[magic.length];
        for (int i = 0; i < magic.length; i++) {
            expected[i] = (byte) magic[i];
        }
        return bytes.length >= from + magic.length
                && Arrays.equals(bytes, from, from + magic.length, expected, 0, magic.length);
    }

    /** Says that more is available as long as there is more, which the JDK asks between two gzip files in one. */
    private static final class Ahead extends PushbackInputStream {
        private Ahead(InputStream stream) {
            super(stream, MAGIC);
        }

        @Override
        public int available() throws IOException {
            int next = read();
            if (next >= 0) {
                unread(next);
            }
            return next < 0 ? 0 : 1;
        }
    }

    /** Gives what stands before damage, where a stream throws it away that fails in the middle of a call. */
    private static final class UntilDamage extends FilterInputStream {
        private IOException damage;

        private UntilDamage(InputStream stream) {
            super(stream);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = 0;
            while (read < length) {
                int next = nextUnlessDamaged(read);
                if (next < 0) {
                    break;
                }
                bytes[offset + read++] = (byte) next;
            }
            return read == 0 && length > 0 ? -1 : read;
        }

        private int nextUnlessDamaged(int readBefore) throws IOException {
            if (damage != null) {
                throw damage;
            }
            try {
                return super.read();
            } catch (StorageException e) {
                throw e;
            } catch (IOException e) {
                if (readBefore == 0) {
                    throw e;
                }
                damage = e;
                return -1;
            }
        }
    }

    /** Tells failures of the storage from those of what lies on it. */
    private static final class Stored extends FilterInputStream {
        private final SourceFile file;

        private Stored(SourceFile file, InputStream stream) {
            super(stream);
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw new StorageException(file, e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                throw new StorageException(file, e);
            }
        }
    }
}
