package io.github.longwing.spark.options;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import java.io.Serializable;

/**
 * Which model a job runs. This, and never the model itself, travels from the driver to the executors.
 *
 * @param location a path, a URI with a scheme or {@code owner/name[@revision]}; null for the model that the jar carries
 * @param randomBlocks null for what a model directory was imported with, else for {@link RandomBlocks#REFERENCE}
 * @param precision null for what a model directory was imported with, else for {@link Precision#FLOAT32}
 */
public record ModelReference(String location, RandomBlocks randomBlocks, Precision precision) implements Serializable {

    /** The model that the jar carries. */
    public static ModelReference embedded() {
        return new ModelReference(null, null, null);
    }

    /** A model by its location. */
    public static ModelReference at(String location) {
        return new ModelReference(location, null, null);
    }

    public ModelReference movedTo(String pinnedLocation) {
        return new ModelReference(pinnedLocation, randomBlocks, precision);
    }
}
