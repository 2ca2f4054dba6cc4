package io.github.longwing.generation;

import io.github.longwing.generation.logits.Ranking;

/**
 * Continuations drawn without replacement, in the order of the draws, with the probabilities that their sums of
 * log-probabilities stand for: the highest of sum + Gumbel noise come out just so.
 */
final class DrawnContinuations implements ContinuationRule {
    private final RandomStream random;

    DrawnContinuations(RandomStream random) {
        this.random = random;
    }

    @Override
    public void rank(int beam, int step, float[] scores, float beamScore, Ranking ranking) {
        int first = beam * scores.length;
        for (int token = 0; token < scores.length; token++) {
            float sum = scores[token] + beamScore;
            // banned tokens come last, and only to make up the number
            double key = sum == Float.NEGATIVE_INFINITY ? sum : sum + gumbel(step, first + token);
            ranking.offer(key, first + token, sum);
        }
    }

    private double gumbel(int step, int entry) {
        return -Math.log(-Math.log(random.uniform(step, entry)));
    }
}
