package io.github.longwing.batching;

import io.github.longwing.config.MemoryPlan;

/**
 * How much memory the documents in the decoder take. What they may take is what the pool has left; a document that needs
 * more is admitted alone.
 *
 * @param memory which other models of the process may take from, too
 * @param bytesPerToken for each source token
 * @param bytesPerRow for each row (beam), whose output may become as long as the options allow
 */
public record EngineLimits(MemoryPool memory, long bytesPerToken, long bytesPerRow) {
    /** Documents with a pool of their own. */
    public EngineLimits(long documentBytes, long bytesPerToken, long bytesPerRow) {
        this(poolOf(documentBytes), bytesPerToken, bytesPerRow);
    }

    private static MemoryPool poolOf(long documentBytes) {
        if (documentBytes < 1) {
            throw new IllegalArgumentException("documentBytes is " + documentBytes + ", expected at least 1");
        }
        return new MemoryPool(documentBytes);
    }

    /** The documents of a model whose own memory is taken from the pool by now. */
    public static EngineLimits of(MemoryPlan plan, MemoryPool memory) {
        return new EngineLimits(memory, plan.bytesPerToken(), plan.bytesPerRow(1));
    }

    /** One document after the other. */
    public static EngineLimits oneAtATime() {
        return new EngineLimits(1, 1, 1);
    }

    long bytes(int sourceTokens, int rows) {
        return sourceTokens * bytesPerToken + rows * bytesPerRow;
    }
}
