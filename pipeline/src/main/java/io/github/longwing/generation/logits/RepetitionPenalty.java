package io.github.longwing.generation.logits;

/**
 * Makes every token of the sequence less likely to come again.
 *
 * @param penalty above 1 to discourage, below 1 to encourage
 */
record RepetitionPenalty(float penalty) implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        // all are computed before any is written, so that a token that occurs twice is penalised once
        float[] penalised = new float[length];
        for (int i = 0; i < length; i++) {
            penalised[i] = apply(scores[ids[i]], penalty);
        }
        for (int i = 0; i < length; i++) {
            scores[ids[i]] = penalised[i];
        }
    }

    static float apply(float score, float penalty) {
        return score < 0 ? score * penalty : score / penalty;
    }
}
