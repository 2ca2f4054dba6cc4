package io.github.longwing.generation.logits;

import java.util.List;

/** Raises the eos more and more with each token after a length. */
record DecayPenalty(int startLength, double factor, List<Integer> eosTokenIds) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        if (length <= startLength) {
            return;
        }
        float growth = (float) (Math.pow(factor, length - startLength) - 1);
        eosTokenIds.stream()
                .distinct()
                .filter(token -> Float.isFinite(scores[token]))
                .forEach(token -> scores[token] += Math.abs(scores[token]) * growth);
    }
}
