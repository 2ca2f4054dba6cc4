package io.github.longwing.spark.models;

import io.github.longwing.store.CachedModel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model directory on this machine. It stays there until this is closed; afterwards the cache may drop it. Any thread
 * may close it.
 */
public final class LocatedModel implements AutoCloseable {
    private final Path directory;
    private final Optional<CachedModel> cached;

    private LocatedModel(Path directory, Optional<CachedModel> cached) {
        this.directory = directory;
        this.cached = cached;
    }

    static LocatedModel ofUser(Path directory) {
        return new LocatedModel(directory, Optional.empty());
    }

    static LocatedModel of(CachedModel cached) {
        return new LocatedModel(cached.directory(), Optional.of(cached));
    }

    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        cached.ifPresent(CachedModel::close);
    }
}
