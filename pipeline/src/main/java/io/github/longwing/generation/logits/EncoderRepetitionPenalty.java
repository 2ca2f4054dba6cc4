package io.github.longwing.generation.logits;

import java.util.Arrays;

/** Makes every token of the document more likely to come, by the inverse of a {@link RepetitionPenalty}. */
final class EncoderRepetitionPenalty implements LogitsProcessor {
    private final float penalty;
    private final int[] distinctTokens;

    private EncoderRepetitionPenalty(float penalty, int[] distinctTokens) {
        this.penalty = penalty;
        this.distinctTokens = distinctTokens;
    }

    /** @param penalty above 1 to favour the tokens of the document */
    static EncoderRepetitionPenalty of(double penalty, int[] source) {
        return new EncoderRepetitionPenalty(
                (float) (1 / penalty), Arrays.stream(source).distinct().toArray());
    }

    @Override
    public void process(int[] ids, int length, float[] scores) {
        for (int token : distinctTokens) {
            scores[token] = RepetitionPenalty.apply(scores[token], penalty);
        }
    }
}
