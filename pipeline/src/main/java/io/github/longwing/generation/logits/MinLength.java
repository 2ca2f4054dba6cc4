package io.github.longwing.generation.logits;

import java.util.List;

/** Bans the eos until the sequence, prompt included, has a length. */
record MinLength(int minLength, List<Integer> eosTokenIds) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        if (length < minLength) {
            eosTokenIds.forEach(token -> scores[token] = BANNED);
        }
    }
}
