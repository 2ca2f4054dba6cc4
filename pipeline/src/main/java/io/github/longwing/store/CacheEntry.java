package io.github.longwing.store;

import com.google.gson.JsonObject;
import io.github.longwing.error.UserException;
import io.github.longwing.io.FileTree;
import io.github.longwing.io.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model in the cache.
 *
 * @param key unique, also among versions of the same source
 * @param source what it was made from, as the user named it
 * @param bytes of all its files
 */
public record CacheEntry(String key, String source, Instant created, Instant lastUsed, long bytes) {
    private static final Logger LOG = LoggerFactory.getLogger(CacheEntry.class);
    private static final String FILE = "entry.json";
    private static final Set<String> PARTS = Set.of(FILE, "model", "fetched");

    /** Writes the file that describes an entry; its modification time says when the entry was last used. */
    void write(Path directory) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("key", key);
        json.addProperty("source", source);
        json.addProperty("created", created.toString());
        json.addProperty("bytes", bytes);
        Files.writeString(directory.resolve(FILE), json + "\n");
        touch(directory, lastUsed);
    }

    static void touch(Path directory, Instant lastUsed) throws IOException {
        Files.setLastModifiedTime(directory.resolve(FILE), FileTime.from(lastUsed));
    }

    /**
     * Whether the cache made a directory: it holds a description under its own name and the model, and nothing else.
     * Where the description cannot be read, the lock under which the entry was made tells.
     */
    static boolean isOfTheCache(Path directory, Path makeLock) {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) || !isThere(directory)) {
            return false;
        }
        try (Stream<Path> children = Files.list(directory)) {
            Set<String> names =
                    children.map(child -> child.getFileName().toString()).collect(Collectors.toSet());
            names.removeAll(PARTS);
            if (!names.isEmpty()) {
                return false;
            }
        } catch (IOException e) {
            LOG.debug("Cannot list {}", directory, e);
            return false;
        }
        try {
            return JsonFields.read(directory.resolve(FILE))
                    .findString("key")
                    .filter(directory.getFileName().toString()::equals)
                    .isPresent();
        } catch (UserException e) {
            LOG.debug("{} is damaged", directory, e);
            return Files.isRegularFile(makeLock);
        }
    }

    static boolean isThere(Path directory) {
        return Files.isRegularFile(directory.resolve(FILE));
    }

    /** An entry whose description cannot be read is listed with what the file system knows of it. */
    static CacheEntry read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        Instant lastUsed =
                Files.getLastModifiedTime(Files.exists(file) ? file : directory).toInstant();
        String key = directory.getFileName().toString();
        try {
            JsonFields json = JsonFields.read(file);
            return new CacheEntry(
                    key,
                    json.findString("source").orElse("unknown"),
                    json.findString("created").map(Instant::parse).orElse(lastUsed),
                    lastUsed,
                    json.findDouble("bytes").map(Double::longValue).orElse(0L));
        } catch (UserException | DateTimeException e) {
            LOG.warn("{} is damaged: {}", file, e.getMessage());
            return new CacheEntry(key, "unknown", lastUsed, lastUsed, FileTree.bytes(directory));
        }
    }
}
