package io.github.longwing.tokenizer;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where native libraries are unpacked: {@code natives} in Longwing's cache, so that later JVMs find them there; else,
 * where that cannot be written, a temporary directory of this process alone, which {@link #close} deletes.
 */
final class UnpackDirectory implements AutoCloseable {
    /** Names the directory for all that Longwing can make again; without it that is {@code ~/.cache/longwing}. */
    static final String CACHE_VARIABLE = "LONGWING_CACHE";

    private static final Logger LOG = LoggerFactory.getLogger(UnpackDirectory.class);

    private enum Lifetime {
        LASTING,
        TEMPORARY
    }

    private final Path path;
    private final Lifetime lifetime;

    private UnpackDirectory(Path path, Lifetime lifetime) {
        this.path = path;
        this.lifetime = lifetime;
    }

    /**
     * Finds or makes the directory.
     *
     * @param cache the value of {@link #CACHE_VARIABLE}, if it is set
     * @param home the home directory, whose name may be useless in a container
     * @param temporary where temporary directories belong
     */
    static UnpackDirectory choose(Optional<String> cache, String home, String temporary) {
        String wanted = cache.orElse(home + "/.cache/longwing");
        try {
            Path natives = Path.of(wanted).resolve("natives");
            if (natives.isAbsolute() || cache.isPresent()) {
                Files.createDirectories(natives);
                Files.delete(Files.createTempFile(natives, "writable", null));
                return new UnpackDirectory(natives.toAbsolutePath(), Lifetime.LASTING);
            }
        } catch (IOException | InvalidPathException | SecurityException e) {
            String message = "Cannot keep native libraries in {} ({}); unpacking them anew into a temporary directory";
            if (cache.isPresent()) {
                LOG.warn(message, wanted, e.toString());
            } else {
                LOG.debug(message, wanted, e.toString());
            }
        }
        try {
            return new UnpackDirectory(
                    Files.createTempDirectory(Path.of(temporary), "longwing-natives"), Lifetime.TEMPORARY);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot unpack native libraries: neither " + wanted + " nor " + temporary
                            + " can be written; name a directory that can in the environment variable "
                            + CACHE_VARIABLE,
                    e);
        }
    }

    Path path() {
        return path;
    }

    /** Deletes a temporary directory; a library that is loaded stays usable, except that Windows keeps it until exit. */
    @Override
    public void close() {
        if (lifetime == Lifetime.TEMPORARY) {
            try (Stream<Path> files = Files.walk(path)) {
                List<Path> deepestFirst =
                        files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    if (!file.toFile().delete()) {
                        file.toFile().deleteOnExit();
                    }
                }
            } catch (IOException e) {
                LOG.debug("Cannot delete {}", path, e);
            }
        }
    }
}
