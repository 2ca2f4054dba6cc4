package io.github.longwing.store;

import io.github.longwing.checkpoint.Checkpoint;
import io.github.longwing.checkpoint.CheckpointFiles;
import io.github.longwing.error.UserException;
import io.github.longwing.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Identifies a transformers directory by the content of its files. Hashes of large files are kept in the cache, by path,
 * size and times, so that they are computed once.
 */
public final class ModelKey {
    private static final Logger LOG = LoggerFactory.getLogger(ModelKey.class);
    private static final int SHA_256_DIGITS = 64;
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    /** Smaller files are hashed each time, which costs less than keeping their hashes. */
    private static final long MIN_KEPT_BYTES = 1 << 20;

    private final Path memory;

    private ModelKey(Path memory) {
        this.memory = memory;
    }

    /**
     * SHA-256 over names, sizes and contents of the files that make up the model, as 64 hexadecimal digits.
     *
     * @param cache keeps hashes; without write access each is computed again
     */
    public static String of(Path transformersDirectory, ModelCache cache) {
        try {
            return new ModelKey(cache.hashes()).key(transformersDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + transformersDirectory, e);
        }
    }

    /** Deletes what was remembered, and its directory if nothing else lies there. */
    static void forget(Path memory) throws IOException {
        if (!Files.isDirectory(memory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.list(memory)) {
            for (Path file : files.toList()) {
                if (SHA_256.matcher(file.getFileName().toString()).matches()
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.size(file) == SHA_256_DIGITS) {
                    Files.deleteIfExists(file);
                }
            }
        }
        try {
            Files.deleteIfExists(memory);
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("{} holds what others put there", memory, e);
        }
    }

    private String key(Path directory) throws IOException {
        Checkpoint.requireNoAdapter(directory);
        List<Path> files = CheckpointFiles.of(directory);
        if (files.isEmpty()) {
            throw new UserException("Cannot read the model " + directory
                    + ": it holds no file of a model, expected config.json and weights");
        }
        StringBuilder lines = new StringBuilder();
        for (Path file : files) {
            lines.append(file.getFileName())
                    .append(' ')
                    .append(Files.size(file))
                    .append(' ')
                    .append(contentHash(file))
                    .append('\n');
        }
        return Sha256.of(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String contentHash(Path file) throws IOException {
        FileIdentity identity = FileIdentity.of(file);
        if (identity.bytes() < MIN_KEPT_BYTES) {
            return Sha256.of(file);
        }
        Path remembered = memory.resolve(identity.digest());
        if (Files.isRegularFile(remembered)) {
            String hash = Files.readString(remembered);
            if (SHA_256.matcher(hash).matches()) {
                return hash;
            }
        }
        LOG.info("Reading {} ({} MB) to know its content", file, identity.bytes() / 1_000_000);
        String hash = Sha256.of(file);
        if (identity.isSettled()) {
            remember(remembered, hash);
        }
        return hash;
    }

    private void remember(Path remembered, String hash) {
        try {
            Files.createDirectories(memory);
            Path fresh = memory.resolve("." + UUID.randomUUID());
            Files.writeString(fresh, hash);
            Files.move(fresh, remembered, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.debug("Cannot remember a hash in {}", memory, e);
        }
    }
}
