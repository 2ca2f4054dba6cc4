package io.github.longwing.store;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;

/**
 * How a checkpoint becomes a model directory.
 *
 * @param name what the result column {@code model} will call it
 */
public record ImportOptions(String name, Precision precision, RandomBlocks randomBlocks) {

    /** Distinguishes imports of one checkpoint, by options and by the format of this Longwing; valid in a file name. */
    public String version() {
        return precision.configName() + "-" + randomBlocks.configName() + "-" + Manifest.FORMAT_VERSION;
    }
}
