package io.github.longwing.generation;

import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.logits.LogitsProcessor;
import java.util.List;

/** Reads the scores of one row after the other, refuses what is not finite, and applies the processors. */
final class RowScorer {
    private static final int EXPONENT = 0x7f80_0000; // all its bits are set in infinities and NaN alone

    private final List<LogitsProcessor> processors;
    private final float[] scores; // [V], reused for every row

    RowScorer(List<LogitsProcessor> processors, int vocabSize) {
        this.processors = processors;
        this.scores = new float[vocabSize];
    }

    /**
     * The processed scores of the next token, valid until the next call.
     *
     * @param ids the row's sequence so far, of which {@code length} tokens are set
     */
    float[] score(StepOutput output, int row, int[] ids, int length) {
        if (output.vocabSize() != scores.length) {
            throw new IllegalArgumentException("The step has " + output.vocabSize()
                    + " scores in a row, expected the vocab_size " + scores.length);
        }
        output.copyRow(row, scores);
        requireFinite(length);
        for (LogitsProcessor processor : processors) {
            processor.process(ids, length, scores);
        }
        return scores;
    }

    private void requireFinite(int length) {
        for (int token = 0; token < scores.length; token++) {
            if ((Float.floatToRawIntBits(scores[token]) & EXPONENT) == EXPONENT) {
                throw new DocumentException(
                        DocumentException.Kind.NonFiniteOutput,
                        "Cannot generate token " + (length + 1) + " of the sequence: the model's score of token "
                                + token + " is " + scores[token] + ", expected a finite number");
            }
        }
    }
}
