package io.github.longwing.generation.logits;

/** Softmax over a row in which banned tokens have the score minus infinity. A row of banned tokens alone has no probabilities. */
public final class Softmax {
    private Softmax() {}

    /** In place; banned tokens get 0. */
    public static void toProbabilities(float[] scores) {
        float max = max(scores);
        double total = total(scores, max);
        for (int token = 0; token < scores.length; token++) {
            scores[token] =
                    scores[token] == Float.NEGATIVE_INFINITY ? 0 : (float) (Math.exp(scores[token] - max) / total);
        }
    }

    static float[] probabilities(float[] scores) {
        float[] probabilities = scores.clone();
        toProbabilities(probabilities);
        return probabilities;
    }

    /** In place; banned tokens stay banned. */
    public static void toLogProbabilities(float[] scores) {
        float max = max(scores);
        float logTotal = (float) Math.log(total(scores, max));
        for (int token = 0; token < scores.length; token++) {
            if (scores[token] != Float.NEGATIVE_INFINITY) {
                scores[token] = scores[token] - max - logTotal;
            }
        }
    }

    /** The expected information of a distribution, in nats. */
    static double entropy(float[] probabilities, float[] logProbabilities) {
        double entropy = 0;
        for (int token = 0; token < probabilities.length; token++) {
            if (probabilities[token] > 0) {
                entropy -= probabilities[token] * logProbabilities[token];
            }
        }
        return entropy;
    }

    private static float max(float[] scores) {
        float max = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            max = Math.max(max, score);
        }
        return max;
    }

    private static double total(float[] scores, float max) {
        double total = 0;
        for (float score : scores) {
            if (score != Float.NEGATIVE_INFINITY) {
                total += Math.exp(score - max);
            }
        }
        return total;
    }
}
