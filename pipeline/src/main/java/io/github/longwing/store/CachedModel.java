package io.github.longwing.store;

import io.github.longwing.io.ProcessLock;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model directory in the cache, kept there until this is closed. Its files must not be changed. Any thread may close it.
 */
public final class CachedModel implements AutoCloseable {
    private final Path directory;
    private final Optional<ProcessLock> use;

    CachedModel(Path directory, Optional<ProcessLock> use) {
        this.directory = directory;
        this.use = use;
    }

    public Path directory() {
        return directory;
    }

    /** Allows the cache to drop the model. */
    @Override
    public void close() {
        use.ifPresent(ProcessLock::close);
    }
}
