package io.github.longwing.generation.logits;

/** The expected information of a distribution, in nats. */
final class Entropy {
    private Entropy() {}

    static double of(float[] probabilities, float[] logProbabilities) {
        double entropy = 0;
        for (int token = 0; token < probabilities.length; token++) {
            if (probabilities[token] > 0) {
                entropy -= probabilities[token] * logProbabilities[token];
            }
        }
        return entropy;
    }
}
