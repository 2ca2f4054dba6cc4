package io.github.longwing.generation.logits;

/**
 * Keeps the tokens whose information is closest to the entropy, until together they have a probability.
 *
 * @param atLeast the minimum number of tokens to keep
 */
record TypicalP(float probability, int atLeast) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        float[] logProbabilities = scores.clone();
        Softmax.toLogProbabilities(logProbabilities);
        float[] probabilities = Softmax.probabilities(scores);
        float entropy = (float) Softmax.entropy(probabilities, logProbabilities);

        float[] distances = new float[scores.length];
        for (int token = 0; token < scores.length; token++) {
            distances[token] = Math.abs(-logProbabilities[token] - entropy);
        }
        SortedTokens tokens = SortedTokens.ascending(scores, distances);
        int last = 0;
        double sum = 0;
        while (last < tokens.count()) {
            sum += probabilities[tokens.token(last)];
            if ((float) sum >= probability) {
                break;
            }
            last++;
        }
        if (last == tokens.count()) {
            return;
        }
        float farthest = distances[tokens.token(last)];
        for (int place = atLeast; place < tokens.count(); place++) {
            if (distances[tokens.token(place)] > farthest) {
                scores[tokens.token(place)] = BANNED;
            }
        }
    }
}
