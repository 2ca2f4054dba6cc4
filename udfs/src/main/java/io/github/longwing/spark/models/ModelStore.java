package io.github.longwing.spark.models;

import io.github.longwing.spark.options.EmbeddedModel;
import io.github.longwing.spark.options.ModelReference;
import java.nio.file.Path;
import java.util.Optional;

/** Makes models available on one machine: from the jar, a directory, a remote directory or the Hub. */
interface ModelStore {

    /** How much of a model is made available. */
    enum Extent {
        /** Configuration and tokenizer, without weights. */
        DESCRIPTION,
        /** A model directory, imported if need be. */
        MODEL_DIRECTORY
    }

    /** The same Hub id at the commit that its revision stands for now; empty for a text that is no Hub id. */
    Optional<String> pinHubId(String text);

    LocatedModel embedded(EmbeddedModel model, ModelReference reference, Extent extent);

    LocatedModel fromDirectory(Path directory, ModelReference reference, Extent extent);

    LocatedModel fromRemote(RemoteDirectory remote, ModelReference reference, Extent extent);

    /** A model of the Hub by what {@link #pinHubId} gave. */
    LocatedModel fromHub(String pinned, ModelReference reference, Extent extent);

    /** Imports a transformers directory into a new directory of the user's. */
    void importDirectory(Path directory, ModelReference reference, Path target);

    /** Imports a model of the Hub into a new directory of the user's. */
    void importHub(String pinned, ModelReference reference, Path target);
}
