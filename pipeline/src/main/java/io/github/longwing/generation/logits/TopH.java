package io.github.longwing.generation.logits;

/**
 * Keeps the most likely tokens as long as their share of the entropy, that of the hundred most likely, is within a limit.
 *
 * @param share above 0 and at most 1
 */
record TopH(double share) implements LogitsProcessor {
    private static final int CONSIDERED = 100; // transformers' top_n

    @Override
    public void process(int[] ids, int length, float[] scores) {
        SortedTokens tokens = SortedTokens.descending(scores, scores);
        int considered = Math.min(CONSIDERED, tokens.count());
        float[] top = new float[considered]; // in descending order
        for (int i = 0; i < considered; i++) {
            top[i] = scores[tokens.token(i)];
        }
        float[] probabilities = Softmax.probabilities(top);
        Softmax.toLogProbabilities(top);
        float limit = (float) (Softmax.entropy(probabilities, top) * share);

        int kept = 0;
        double sum = 0;
        while (kept < considered) {
            sum -= probabilities[kept] * top[kept];
            if (kept > 0 && (float) sum > limit) {
                break;
            }
            kept++;
        }
        for (int place = kept; place < tokens.count(); place++) {
            scores[tokens.token(place)] = BANNED;
        }
    }
}
