package io.github.longwing.batching;

import io.github.longwing.generation.GeneratedSequence;
import java.util.List;

/**
 * What was generated from one request.
 *
 * @param sequences best first
 * @param sourceWeights how much the best sequence attended to each token of the encoder's input, together 1; empty where
 *     nobody asked
 */
@SuppressWarnings("ArrayRecordComponent") // handed out as it is, and never compared
public record Generation(List<GeneratedSequence> sequences, float[] sourceWeights) {}
