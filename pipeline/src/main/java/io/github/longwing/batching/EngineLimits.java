package io.github.longwing.batching;

import io.github.longwing.config.MemoryPlan;

/**
 * How much memory the documents in the decoder may take together, in bytes. A document that needs more is admitted alone.
 *
 * @param documentBytes for the keys and values of all of them
 * @param bytesPerToken for each source token
 * @param bytesPerRow for each row (beam), whose output may become as long as the options allow
 */
public record EngineLimits(long documentBytes, long bytesPerToken, long bytesPerRow) {
    public EngineLimits {
        if (documentBytes < 1) {
            throw new IllegalArgumentException("documentBytes is " + documentBytes + ", expected at least 1");
        }
    }

    /** What is left of the native memory of a process when the model is loaded and one more document is being read. */
    public static EngineLimits of(MemoryPlan plan, long nativeBytes) {
        int longest = plan.config().maxPositionEmbeddings();
        return new EngineLimits(
                Math.max(1, plan.leftForDocuments(nativeBytes, longest)), plan.bytesPerToken(), plan.bytesPerRow(1));
    }

    /** One document after the other. */
    public static EngineLimits oneAtATime() {
        return new EngineLimits(1, 1, 1);
    }

    long bytes(int sourceTokens, int rows) {
        return sourceTokens * bytesPerToken + rows * bytesPerRow;
    }
}
