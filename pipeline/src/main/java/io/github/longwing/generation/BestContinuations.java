package io.github.longwing.generation;

import io.github.longwing.generation.logits.Ranking;

/** The continuations with the highest sums of log-probabilities. */
final class BestContinuations implements ContinuationRule {

    @Override
    public void rank(int beam, int step, float[] scores, float beamScore, Ranking ranking) {
        int first = beam * scores.length;
        double bar = ranking.bar();
        for (int token = 0; token < scores.length; token++) {
            float sum = scores[token] + beamScore;
            if (!(sum <= bar)) {
                ranking.offer(sum, first + token, sum);
                bar = ranking.bar();
            }
        }
    }
}
