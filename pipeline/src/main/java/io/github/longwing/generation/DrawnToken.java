package io.github.longwing.generation;

import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.logits.Softmax;

/** A token drawn with the probabilities that the scores stand for. */
final class DrawnToken implements TokenChoice {
    private final RandomStream random;

    DrawnToken(RandomStream random) {
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
