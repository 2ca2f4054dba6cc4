package io.github.longwing.generation.logits;

/**
 * Processors that ban the tokens below a probability. Each has a number {@code minTokens} of the most likely tokens that
 * stay in any case.
 */
final class ProbabilityCutoffs {
    private ProbabilityCutoffs() {}

    /**
     * Bans tokens whose probability is below a share of the highest.
     *
     * @param minTokens the minimum number of tokens to keep
     */
    record MinP(float share, int minTokens) implements LogitsProcessor {

        @Override
        public void process(int[] ids, int length, float[] scores) {
            float[] probabilities = Softmax.probabilities(scores);
            SortedTokens tokens = SortedTokens.descending(scores, probabilities);
            if (tokens.count() == 0) {
                return;
            }
            float min = share * probabilities[tokens.token(0)];
            for (int place = minTokens; place < tokens.count(); place++) {
                int token = tokens.token(place);
                if (probabilities[token] < min) {
                    scores[token] = BANNED;
                }
            }
        }
    }

    /**
     * Bans tokens below a probability.
     *
     * @param minTokens the minimum number of tokens to keep, with those that equal them
     */
    record EpsilonCutoff(float epsilon, int minTokens) implements LogitsProcessor {

        @Override
        public void process(int[] ids, int length, float[] scores) {
            banBelow(epsilon, Softmax.probabilities(scores), minTokens, scores);
        }
    }

    /**
     * Bans tokens below a probability that falls with the entropy of the distribution.
     *
     * @param minTokens the minimum number of tokens to keep, with those that equal them
     */
    record EtaCutoff(float epsilon, int minTokens) implements LogitsProcessor {

        @Override
        public void process(int[] ids, int length, float[] scores) {
            float[] probabilities = Softmax.probabilities(scores);
            float[] logProbabilities = scores.clone();
            Softmax.toLogProbabilities(logProbabilities);
            double entropy = Softmax.entropy(probabilities, logProbabilities);
            float eta = (float) Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-entropy));
            banBelow(eta, probabilities, minTokens, scores);
        }
    }

    /** Also keeps tokens whose score equals the last of the {@code minTokens} most likely ones. */
    private static void banBelow(float min, float[] probabilities, int minTokens, float[] scores) {
        float kept = TopK.kthHighest(scores, minTokens);
        for (int token = 0; token < scores.length; token++) {
            if (probabilities[token] < min && scores[token] < kept) {
                scores[token] = LogitsProcessor.BANNED;
            }
        }
    }
}
