package io.github.longwing.generation.logits;

import java.util.List;

/** Bans tokens at one place: the first that is not forced. */
record BeginSuppressedTokens(int atLength, List<Integer> tokenIds) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        if (length == atLength) {
            tokenIds.forEach(token -> scores[token] = BANNED);
        }
    }
}
