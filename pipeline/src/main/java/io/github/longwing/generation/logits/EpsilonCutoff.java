package io.github.longwing.generation.logits;

/**
 * Bans tokens below a probability.
 *
 * @param atLeast how many of the likeliest tokens stay in any case, with those that equal them
 */
record EpsilonCutoff(float epsilon, int atLeast) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        banBelow(epsilon, Softmax.probabilities(scores), atLeast, scores);
    }

    static void banBelow(float least, float[] probabilities, int atLeast, float[] scores) {
        float untouchable = TopK.kthHighest(scores, atLeast);
        for (int token = 0; token < scores.length; token++) {
            if (probabilities[token] < least && scores[token] < untouchable) {
                scores[token] = BANNED;
            }
        }
    }
}
