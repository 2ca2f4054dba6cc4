package io.github.longwing.generation.logits;

/**
 * Bans tokens whose probability is below a share of the highest.
 *
 * @param atLeast how many of the likeliest tokens stay in any case
 */
record MinP(float share, int atLeast) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        float[] probabilities = Softmax.probabilities(scores);
        SortedTokens tokens = SortedTokens.descending(scores, probabilities);
        if (tokens.count() == 0) {
            return;
        }
        float least = share * probabilities[tokens.token(0)];
        for (int place = atLeast; place < tokens.count(); place++) {
            int token = tokens.token(place);
            if (probabilities[token] < least) {
                scores[token] = BANNED;
            }
        }
    }
}
