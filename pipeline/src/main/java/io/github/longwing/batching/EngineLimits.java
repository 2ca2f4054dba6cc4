package io.github.longwing.batching;

import io.github.longwing.config.BigBirdPegasusConfig;

/**
 * Limits of what an engine works on at once.
 *
 * @param maxSourceTokens source tokens of all documents in the decoder together; a longer document is admitted alone
 */
public record EngineLimits(int maxSourceTokens) {
    /** Cross-attention keys and values of all documents under way: one of 4,096 tokens on the large model. */
    private static final long CROSS_ATTENTION_BYTES = 512L << 20; // 512 MiB

    public EngineLimits {
        if (maxSourceTokens < 1) {
            throw new IllegalArgumentException("maxSourceTokens is " + maxSourceTokens + ", expected at least 1");
        }
    }

    /** As many tokens as the memory for cross-attention holds. */
    public static EngineLimits of(BigBirdPegasusConfig config) {
        long bytesPerToken = 2L * Float.BYTES * config.decoderLayers() * config.dModel();
        return new EngineLimits((int) Math.min(Integer.MAX_VALUE, Math.max(1, CROSS_ATTENTION_BYTES / bytesPerToken)));
    }
}
