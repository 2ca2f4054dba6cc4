package io.github.longwing.task;

import io.github.longwing.generation.FinishReason;
import io.github.longwing.generation.GeneratedSequence;
import io.github.longwing.tokenizer.Newlines;
import io.github.longwing.tokenizer.Tokenizer;
import java.util.OptionalDouble;

/**
 * One generated text.
 *
 * @param score transformers' sequences_scores; empty for greedy search and sampling, and for texts that were joined
 * @param outputTokens tokens generated, without the start token or prompt, with the eos
 */
public record GeneratedText(String text, OptionalDouble score, int outputTokens, FinishReason finishReason) {

    public static GeneratedText of(GeneratedSequence sequence, Tokenizer tokenizer, Newlines newlines) {
        int[] ids = sequence.newIds().stream().mapToInt(Integer::intValue).toArray();
        return new GeneratedText(
                tokenizer.decode(ids, newlines), sequence.score(), ids.length, sequence.finishReason());
    }
}
