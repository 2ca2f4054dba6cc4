package io.github.longwing.generation.logits;

import java.util.Arrays;
import java.util.List;

/** Leaves nothing but some tokens, all of score 0, where the sequence has exactly a length. */
record ForcedTokens(int atLength, List<Integer> tokenIds) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        if (length == atLength) {
            Arrays.fill(scores, BANNED);
            tokenIds.forEach(token -> scores[token] = 0);
        }
    }
}
