package io.github.longwing.generation.logits;

import java.util.List;

/** Bans tokens everywhere. */
record SuppressedTokens(List<Integer> tokenIds) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        tokenIds.forEach(token -> scores[token] = BANNED);
    }
}
