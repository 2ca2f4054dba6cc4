package io.github.longwing.generation.logits;

import java.util.Arrays;

/**
 * Makes the tokens of the sequence less likely to occur again.
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

    /** Makes the tokens of the document more likely, by the inverse of a {@link RepetitionPenalty}. */
    static final class EncoderRepetitionPenalty implements LogitsProcessor {
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
}
