package io.github.longwing.spark;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import java.io.Serializable;
import java.util.Objects;

/**
 * Which model a job runs. This, and never the model itself, travels from the driver to the executors.
 *
 * @param location a path, a URI with a scheme or {@code owner/name[@revision]}; null for the model that the jar carries
 */
public record ModelReference(String location, RandomBlocks randomBlocks, Precision precision) implements Serializable {
    public ModelReference {
        Objects.requireNonNull(randomBlocks, "randomBlocks");
        Objects.requireNonNull(precision, "precision");
    }

    /** The model that the jar carries, with the defaults of every model. */
    public static ModelReference embedded() {
        return new ModelReference(null, RandomBlocks.REFERENCE, Precision.FLOAT32);
    }

    /** A model by its location, with the defaults of every model. */
    public static ModelReference at(String location) {
        return new ModelReference(location, RandomBlocks.REFERENCE, Precision.FLOAT32);
    }
}
