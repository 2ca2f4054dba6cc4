package io.github.longwing.spark.options;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import java.io.Serializable;

/**
 * Which model a job runs. Spark sends this to the executors, never the model itself.
 *
 * @param location a path, a URI with a scheme, {@code owner/name[@revision]} or that of an {@link EmbeddedModel}; null for
 *     the model that the jar carries for the task
 * @param randomBlocks null for the value of a model directory, and {@link RandomBlocks#REFERENCE} for an import
 * @param precision null for the value of a model directory, and {@link Precision#FLOAT32} for an import
 */
public record ModelReference(String location, RandomBlocks randomBlocks, Precision precision) implements Serializable {

    /** The model that the jar carries for the task. */
    public static ModelReference embedded() {
        return new ModelReference(null, null, null);
    }

    /** A model by its location. */
    public static ModelReference at(String location) {
        return new ModelReference(location, null, null);
    }

    /** The same options for another location. */
    public ModelReference movedTo(String pinnedLocation) {
        return new ModelReference(pinnedLocation, randomBlocks, precision);
    }
}
