package io.github.longwing.config;

import java.util.Locale;

/** Which random blocks the sparse pattern uses. */
public enum RandomBlocks {
    /** As transformers at inference: every random block is block 0. */
    REFERENCE,
    /** As in training and in the paper: drawn from a generator seeded with the layer index. */
    PAPER;

    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
