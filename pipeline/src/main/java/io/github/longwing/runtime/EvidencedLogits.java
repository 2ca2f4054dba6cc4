package io.github.longwing.runtime;

/**
 * The logits of a classifier, [labels], and how much the decision attended to each source token, [S].
 *
 * @param weights sum to 1
 */
public record EvidencedLogits(float[] logits, float[] weights) {}
