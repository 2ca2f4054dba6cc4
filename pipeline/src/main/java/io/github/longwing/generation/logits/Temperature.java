package io.github.longwing.generation.logits;

/**
 * Flattens the distribution above 1, sharpens it below.
 *
 * @param temperature above 0
 */
record Temperature(float temperature) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        for (int token = 0; token < scores.length; token++) {
            scores[token] /= temperature;
        }
    }
}
