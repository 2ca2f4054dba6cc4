package io.github.longwing.store;

import io.github.longwing.error.UserException;
import io.github.longwing.io.CacheDirectory;
import io.github.longwing.io.DataSize;
import io.github.longwing.io.FileTree;
import io.github.longwing.io.ProcessLock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imported models of this machine, so that each is imported once for all threads and processes.
 *
 * <pre>
 * models/KEY/entry.json     source, size, time of creation; modified whenever the model is used
 *            model/         the model directory
 * locks/KEY.make            held to make or drop a model
 * locks/KEY.use             shared while a model is in use, held alone to drop it
 * building/KEY.RANDOM/      a model that is being made, or was when its process died
 * hashes/                   see {@link ModelKey}
 * </pre>
 *
 * <p>An entry appears by one atomic rename, whole or not at all. Whatever else lies in the directory is somebody else's:
 * it is neither listed nor deleted. Safe for use by several threads.
 */
public final class ModelCache {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,199}");
    /** The rest of the name of a directory below building/, after its key. */
    private static final Pattern RANDOM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private static final String LIMIT_VARIABLE = "LONGWING_CACHE_LIMIT";
    private static final int MAX_ATTEMPTS = 10;

    private final Path directory;
    private final OptionalLong limitBytes;

    /** @param limitBytes the least recently used models go when all together exceed it */
    ModelCache(Path directory, OptionalLong limitBytes) {
        this.directory = directory;
        this.limitBytes = limitBytes;
    }

    /**
     * The cache in LONGWING_CACHE, else in the user's cache directory, else, where that cannot be written, in a private
     * temporary directory; limited by LONGWING_CACHE_LIMIT, such as {@code 20GB}.
     */
    public static ModelCache fromEnvironment() {
        String limit = System.getenv().getOrDefault(LIMIT_VARIABLE, "").strip();
        return new ModelCache(
                CacheDirectory.ofThisProcess().find(),
                limit.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(DataSize.parse(LIMIT_VARIABLE, limit).bytes()));
    }

    /** Makes a model in a directory that exists and is empty. */
    public interface Builder {
        void build(Path directory) throws IOException;
    }

    /** What {@link #clear} did. */
    public record Cleared(List<CacheEntry> removed, List<CacheEntry> inUse) {}

    public Path directory() {
        return directory;
    }

    /**
     * Finds the model or makes it. While one thread of one process makes it, all others that want it wait.
     *
     * @param key of letters, digits, - and _
     * @param source what the model is made from, for {@link #list}
     * @return closed by the caller when the model is not needed any more
     */
    public CachedModel obtain(String key, String source, Builder builder) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("key is " + key + ", expected " + KEY);
        }
        try {
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                Optional<CachedModel> model = open(key);
                if (model.isPresent()) {
                    return model.get();
                }
                make(key, source, builder);
                dropBeyondLimit(key);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot use the model cache " + directory, e);
        }
        throw new IllegalStateException("the model " + key + " vanished from " + directory + " each time it was made");
    }

    /** The models that are here, the most recently used first. */
    public List<CacheEntry> list() {
        List<CacheEntry> entries = new ArrayList<>();
        for (Path entry : children(models())) {
            if (!CacheEntry.isOfTheCache(entry, makeLock(entry.getFileName().toString()))) {
                continue;
            }
            try {
                entries.add(CacheEntry.read(entry));
            } catch (NoSuchFileException e) {
                LOG.debug("{} was dropped meanwhile", entry, e);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + entry, e);
            }
        }
        entries.sort(Comparator.comparing(CacheEntry::lastUsed).reversed());
        return entries;
    }

    /** Removes all models but those in use, and what dead processes have left. */
    public Cleared clear() {
        List<CacheEntry> removed = new ArrayList<>();
        List<CacheEntry> inUse = new ArrayList<>();
        list().forEach(entry -> (remove(entry.key()) ? removed : inUse).add(entry));
        try {
            removeAbandoned(Optional.empty());
            if (inUse.isEmpty()) {
                ModelKey.forget(hashes());
            }
        } catch (IOException e) {
            throw notWritable(e);
        }
        return new Cleared(List.copyOf(removed), List.copyOf(inUse));
    }

    /** Removes one model, unless it is in use or being made. */
    @SuppressWarnings("try") // the locks are held, not used
    public boolean remove(String key) {
        try (Held make = Held.of(ProcessLock.tryExclusive(makeLock(key)));
                Held use = Held.of(ProcessLock.tryExclusive(useLock(key)))) {
            if (make.isEmpty() || use.isEmpty() || !CacheEntry.isOfTheCache(entry(key), makeLock(key))) {
                return false;
            }
            Path dropped = building(key); // out of sight in one step, then gone
            Files.createDirectories(dropped.getParent());
            Files.move(entry(key), dropped, StandardCopyOption.ATOMIC_MOVE);
            FileTree.delete(dropped);
            return true;
        } catch (NoSuchFileException e) {
            LOG.debug("{} was dropped meanwhile", key, e);
            return true;
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    /** A lock that somebody else may hold instead. */
    private record Held(Optional<ProcessLock> lock) implements AutoCloseable {
        static Held of(Optional<ProcessLock> lock) {
            return new Held(lock);
        }

        boolean isEmpty() {
            return lock.isEmpty();
        }

        @Override
        public void close() {
            lock.ifPresent(ProcessLock::close);
        }
    }

    Path hashes() {
        return directory.resolve("hashes");
    }

    private Optional<CachedModel> open(String key) throws IOException {
        if (!CacheEntry.isThere(entry(key))) {
            return Optional.empty();
        }
        Optional<ProcessLock> use = lockForUse(key);
        if (!CacheEntry.isThere(entry(key))) {
            use.ifPresent(ProcessLock::close); // dropped between the two looks
            return Optional.empty();
        }
        try {
            CacheEntry.touch(entry(key), Instant.now());
        } catch (IOException e) {
            LOG.debug("Cannot note the use of {}", key, e); // a read-only cache drops nothing either
        }
        return Optional.of(new CachedModel(entry(key).resolve("model"), use));
    }

    private Optional<ProcessLock> lockForUse(String key) throws IOException {
        if (!Files.isWritable(directory)) {
            return Optional.empty();
        }
        return Optional.of(ProcessLock.shared(useLock(key)));
    }

    @SuppressWarnings("try") // the lock is held, not used
    private void make(String key, String source, Builder builder) throws IOException {
        Path building = building(key);
        try (ProcessLock lock = lockToMake(key)) {
            if (CacheEntry.isThere(entry(key))) {
                return;
            }
            removeAbandoned(Optional.of(key));
            LOG.info("Preparing {} in {}", source, entry(key));
            Path model = Files.createDirectories(building.resolve("model"));
            builder.build(model);
            Instant now = Instant.now();
            new CacheEntry(key, source, now, now, FileTree.bytes(model)).write(building);
            FileTree.force(building);
            requireNothingThere(entry(key));
            Files.createDirectories(models());
            Files.move(building, entry(key), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            try {
                FileTree.delete(building);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** An entry has a description; what has none was not made here, whatever its name. */
    private static void requireNothingThere(Path entry) {
        if (Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
            throw new UserException("Cannot use the model cache: " + entry
                    + " is there without an entry.json, expected nothing that the cache did not make; move it away, or"
                    + " set LONGWING_CACHE to another directory");
        }
    }

    private ProcessLock lockToMake(String key) throws IOException {
        try {
            Files.createDirectories(building(key).getParent());
            return ProcessLock.exclusive(makeLock(key));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    /** Removes what processes left unfinished when they died: no process holds the lock of its key, or this one does. */
    @SuppressWarnings("try") // the lock is held, not used
    private void removeAbandoned(Optional<String> keyToMake) throws IOException {
        for (Path building : children(directory.resolve("building"))) {
            String name = building.getFileName().toString();
            String key = name.substring(0, Math.max(0, name.indexOf('.')));
            if (!RANDOM.matcher(name.substring(Math.min(name.length(), key.length() + 1)))
                    .matches()) {
                continue;
            }
            if (keyToMake.equals(Optional.of(key))) {
                LOG.info("Removing {}, which a process left unfinished", building);
                FileTree.delete(building);
            } else if (KEY.matcher(key).matches()) {
                try (Held make = Held.of(ProcessLock.tryExclusive(makeLock(key)))) {
                    if (!make.isEmpty()) {
                        LOG.info("Removing {}, which a process left unfinished", building);
                        FileTree.delete(building);
                    }
                }
            }
        }
    }

    private void dropBeyondLimit(String justMade) {
        if (limitBytes.isEmpty()) {
            return;
        }
        List<CacheEntry> entries = list();
        long bytes = entries.stream().mapToLong(CacheEntry::bytes).sum();
        for (int i = entries.size() - 1; i >= 0 && bytes > limitBytes.getAsLong(); i--) {
            CacheEntry entry = entries.get(i);
            if (!entry.key().equals(justMade) && remove(entry.key())) {
                LOG.info("Dropped {} ({} bytes) to stay below the limit of the cache", entry.source(), entry.bytes());
                bytes -= entry.bytes();
            }
        }
        if (bytes > limitBytes.getAsLong()) {
            LOG.warn(
                    "The models in use have {} bytes in {}, more than {} allows ({})",
                    bytes,
                    directory,
                    LIMIT_VARIABLE,
                    limitBytes.getAsLong());
        }
    }

    private static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + directory, e);
        }
    }

    private UserException notWritable(IOException cause) {
        return new UserException(
                "Cannot write the model cache " + directory + ": " + cause
                        + ", expected a directory with room; set LONGWING_CACHE to one",
                cause);
    }

    private Path models() {
        return directory.resolve("models");
    }

    private Path entry(String key) {
        return models().resolve(key);
    }

    private Path makeLock(String key) {
        return directory.resolve("locks").resolve(key + ".make");
    }

    private Path useLock(String key) {
        return directory.resolve("locks").resolve(key + ".use");
    }

    private Path building(String key) {
        return directory.resolve("building").resolve(key + "." + UUID.randomUUID());
    }
}
