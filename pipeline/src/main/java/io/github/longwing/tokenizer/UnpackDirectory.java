package io.github.longwing.tokenizer;

import io.github.longwing.error.UserException;
import io.github.longwing.io.CacheDirectory;
import io.github.longwing.io.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where native libraries are unpacked: {@code natives} in Longwing's cache, so that later JVMs find them there; else,
 * where that cannot be written, a temporary directory of this process alone, which {@link #close} deletes.
 */
final class UnpackDirectory implements AutoCloseable {
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
     * @param temporary where temporary directories belong
     */
    static UnpackDirectory choose(CacheDirectory cache, Path temporary) {
        Path preferred = cache.preferred();
        Path natives = preferred.resolve("natives").toAbsolutePath();
        boolean isKnown = cache.isChosen() || preferred.isAbsolute(); // not below a home that Java calls "?"
        if (isKnown && CacheDirectory.isWritable(natives)) {
            return new UnpackDirectory(natives, Lifetime.LASTING);
        }
        if (cache.isChosen()) {
            LOG.warn("Cannot keep native libraries in {}; unpacking them anew into a temporary directory", preferred);
        }
        return temporary(temporary, "neither " + preferred + " nor " + temporary + " can be written");
    }

    /** A directory of the caller alone. */
    static UnpackDirectory temporary(Path parent) {
        return temporary(parent, parent + " cannot be written");
    }

    private static UnpackDirectory temporary(Path parent, String problem) {
        try {
            return new UnpackDirectory(Files.createTempDirectory(parent, "longwing-natives"), Lifetime.TEMPORARY);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot unpack native libraries: " + problem
                            + "; name a directory that can in the environment variable " + CacheDirectory.VARIABLE,
                    e);
        }
    }

    Path path() {
        return path;
    }

    /** Deletes a temporary directory; a library that is loaded stays usable. */
    @Override
    public void close() {
        if (lifetime == Lifetime.TEMPORARY) {
            try {
                FileTree.deleteNowOrAtExit(path);
            } catch (IOException e) {
                LOG.debug("Cannot delete {}", path, e);
            }
        }
    }
}
