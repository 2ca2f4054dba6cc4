package io.github.longwing.generation;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One generated sequence.
 *
 * @param ids with the start token or prompt in front and the eos at the end, as transformers returns it but without the
 *     tokens that fill a shorter sequence up ({@code GenerationConfig.fillTokenId()})
 * @param promptLength how many of the ids were given
 * @param score transformers' {@code sequences_scores}: the sum of the log-probabilities by the power of the length;
 *     empty for greedy search and for sampling without beams
 */
public record GeneratedSequence(List<Integer> ids, int promptLength, OptionalDouble score, FinishReason finishReason) {
    public GeneratedSequence {
        ids = List.copyOf(ids);
    }

    /** The ids without start token or prompt. */
    public List<Integer> newIds() {
        return ids.subList(promptLength, ids.size());
    }
}
