package io.github.longwing.spark.models;

import io.github.longwing.spark.options.ModelReference;
import java.nio.file.Path;

/** Finds models on this machine; {@link ModelLocator} does, and tests have fakes. Thread-safe. */
public interface Models {

    /**
     * On the driver: decides what a location means, so that it means the same on every executor. A path becomes absolute,
     * the revision of a Hub id becomes a commit, a URI is looked at.
     *
     * @throws io.github.longwing.error.UserException if the location names nothing, or a model directory that was
     *     imported with other options
     */
    ModelReference pin(ModelReference reference);

    /** The configuration and tokenizer of a model; downloads and imports no weights. */
    LocatedModel describe(ModelReference pinned);

    /**
     * The model directory of a reference; copied, downloaded, imported if it is not in the cache of this machine. May take
     * minutes.
     *
     * @throws io.github.longwing.error.UserException if there is no such model, or it cannot be used
     */
    LocatedModel locate(ModelReference reference);

    /** Like {@link #locate}, and verifies sizes and hashes of all files. */
    LocatedModel check(ModelReference pinned);

    /** Makes a model directory that must not exist yet. */
    void importInto(ModelReference pinned, Path target);
}
