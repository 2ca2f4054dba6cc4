package io.github.longwing.generation;

import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.logits.Softmax;

/** How a row chooses its next token. */
interface TokenChoice {

    /**
     * Chooses one token.
     *
     * @param step 0 for the first new token
     * @param scores processed, one for each token; may be changed
     */
    int choose(int row, int step, float[] scores);

    /** The token with the highest score; the first of equals. */
    final class Best implements TokenChoice {

        @Override
        public int choose(int row, int step, float[] scores) {
            int best = 0;
            for (int token = 1; token < scores.length; token++) {
                if (scores[token] > scores[best]) {
                    best = token;
                }
            }
            return best;
        }
    }

    /** A token drawn with the probabilities that the scores stand for. */
    final class Drawn implements TokenChoice {
        private final RandomStream random;

        Drawn(RandomStream random) {
            this.random = random;
        }

        @Override
        public int choose(int row, int step, float[] scores) {
            Softmax.toProbabilities(scores);
            double total = 0;
            for (float probability : scores) {
                total += probability;
            }
            double mark = random.uniform(step, row) * total;
            double passed = 0;
            int last = -1;
            for (int token = 0; token < scores.length; token++) {
                if (scores[token] > 0) {
                    passed += scores[token];
                    last = token;
                    if (passed > mark) {
                        break;
                    }
                }
            }
            if (last < 0) {
                throw new DocumentException(
                        DocumentException.Kind.NonFiniteOutput,
                        "Cannot draw new token " + (step + 1)
                                + ": the options ban every token, expected at least one to be left; ban fewer");
            }
            return last;
        }
    }
}
