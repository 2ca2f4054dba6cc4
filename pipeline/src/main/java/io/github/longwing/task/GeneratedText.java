package io.github.longwing.task;

import io.github.longwing.generation.FinishReason;
import java.util.OptionalDouble;

/**
 * One generated text.
 *
 * @param score transformers' sequences_scores; empty for greedy search and sampling
 * @param outputTokens tokens generated, without the start token, with the eos
 */
public record GeneratedText(String text, OptionalDouble score, int outputTokens, FinishReason finishReason) {}
