package io.github.longwing.config;

import java.util.List;

/**
 * What is added to the score of the last token of a sequence wherever the tokens before it stand at the end of the text.
 *
 * @param tokenIds one token or more
 * @param bias positive to favour the sequence; negative infinity bans it
 */
public record SequenceBias(List<Integer> tokenIds, float bias) {
    public SequenceBias {
        tokenIds = List.copyOf(tokenIds);
        if (tokenIds.isEmpty() || tokenIds.stream().anyMatch(id -> id < 0)) {
            throw new IllegalArgumentException(
                    "sequence_bias is " + tokenIds + ", expected sequences of one or more token ids from 0 up");
        }
        if (Float.isNaN(bias) || bias == Float.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("sequence_bias is " + bias + ", expected a finite number");
        }
    }
}
