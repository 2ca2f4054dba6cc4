package io.github.longwing.spark.models;

import io.github.longwing.spark.options.ModelReference;
import java.nio.file.Path;
import java.util.Optional;

/** Makes models ready on one machine: from the jar, a directory, a remote directory or the Hub. */
interface ModelStore {

    /** The same Hub id at the commit that its revision stands for now; empty for a text that is no Hub id. */
    Optional<String> pinHubId(String text);

    LocatedModel embedded(ModelReference reference);

    LocatedModel fromDirectory(Path directory, ModelReference reference);

    LocatedModel fromRemote(RemoteDirectory remote, ModelReference reference);

    /** A model of the Hub by what {@link #pinHubId} gave. */
    LocatedModel fromHub(String pinned, ModelReference reference);
}
