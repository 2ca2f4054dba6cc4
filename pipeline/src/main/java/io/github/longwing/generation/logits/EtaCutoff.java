package io.github.longwing.generation.logits;

/**
 * Bans tokens below a probability that sinks with the entropy of the distribution.
 *
 * @param atLeast how many of the likeliest tokens stay in any case, with those that equal them
 */
record EtaCutoff(float epsilon, int atLeast) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        float[] probabilities = Softmax.probabilities(scores);
        float[] logProbabilities = scores.clone();
        Softmax.toLogProbabilities(logProbabilities);
        double entropy = Entropy.of(probabilities, logProbabilities);
        float eta = (float) Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-entropy));
        EpsilonCutoff.banBelow(eta, probabilities, atLeast, scores);
    }
}
