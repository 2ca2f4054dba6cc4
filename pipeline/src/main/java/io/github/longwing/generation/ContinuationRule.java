package io.github.longwing.generation;

import io.github.longwing.generation.logits.Ranking;

/** Which continuations of the beams beam search considers: the best, or drawn ones. */
interface ContinuationRule {

    /**
     * Offers every token after one beam; the entry of a token is {@code beam * scores.length + token}, its score the sum
     * of the log-probabilities with the token.
     *
     * @param scores processed log-probabilities, one for each token
     * @param beamScore the sum of the beam's log-probabilities so far
     */
    void rank(int beam, int step, float[] scores, float beamScore, Ranking ranking);

    /** The continuations with the highest sums of log-probabilities. */
    final class Best implements ContinuationRule {

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

    /**
     * Continuations drawn without replacement, in the order of the draws, with the probabilities that their sums of
     * log-probabilities stand for (the Gumbel-top-k trick: the highest of sum + Gumbel noise).
     */
    final class Drawn implements ContinuationRule {
        private final RandomStream random;

        Drawn(RandomStream random) {
            this.random = random;
        }

        @Override
        public void rank(int beam, int step, float[] scores, float beamScore, Ranking ranking) {
            int first = beam * scores.length;
            for (int token = 0; token < scores.length; token++) {
                float sum = scores[token] + beamScore;
                // banned tokens come last, for when there are too few others
                double key = sum == Float.NEGATIVE_INFINITY ? sum : sum + gumbel(step, first + token);
                ranking.offer(key, first + token, sum);
            }
        }

        private double gumbel(int step, int entry) {
            return -Math.log(-Math.log(random.uniform(step, entry)));
        }
    }
}
