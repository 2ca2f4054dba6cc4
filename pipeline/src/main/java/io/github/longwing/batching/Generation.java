package io.github.longwing.batching;

import io.github.longwing.generation.GeneratedSequence;
import java.util.List;

/**
 * The result of one request.
 *
 * @param sequences best first
 * @param sourceWeights the attention of the best sequence to each token of the encoder's input, which sums to 1; empty unless
 *     asked for
 */
@SuppressWarnings("ArrayRecordComponent") // not copied, and never compared
public record Generation(List<GeneratedSequence> sequences, float[] sourceWeights) {}
