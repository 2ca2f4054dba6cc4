package io.github.longwing.config;

import java.util.Locale;

/** How the encoder attends; the names are those of config.json and of the result column {@code attention}. */
public enum AttentionType {
    BLOCK_SPARSE,
    ORIGINAL_FULL;

    /** The name in config.json, such as {@code block_sparse}. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
