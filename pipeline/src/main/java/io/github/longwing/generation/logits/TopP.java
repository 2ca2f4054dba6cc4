package io.github.longwing.generation.logits;

/**
 * Keeps the smallest set of the most likely tokens whose probabilities sum to at least a value.
 *
 * @param atLeast the minimum number of tokens to keep
 */
record TopP(double probability, int atLeast) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        float[] probabilities = Softmax.probabilities(scores);
        SortedTokens tokens = SortedTokens.ascending(scores, scores);
        float spare = (float) (1 - probability);
        double sum = 0;
        for (int place = 0; place < tokens.count() - atLeast; place++) {
            sum += probabilities[tokens.token(place)];
            if ((float) sum > spare) {
                return;
            }
            scores[tokens.token(place)] = BANNED;
        }
    }
}
