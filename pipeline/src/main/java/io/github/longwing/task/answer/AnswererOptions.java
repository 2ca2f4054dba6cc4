package io.github.longwing.task.answer;

import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * How questions are answered.
 *
 * @param nBest answers to keep
 * @param maxAnswerTokens the longest answer
 * @param noAnswerThreshold there is no answer where the no-answer score exceeds the best score by more than this;
 *     infinity for always an answer
 */
public record AnswererOptions(WindowOptions reading, int nBest, int maxAnswerTokens, double noAnswerThreshold)
        implements Serializable {
    public static final int DEFAULT_N_BEST = 5;
    public static final int DEFAULT_MAX_ANSWER_TOKENS = 30;

    /** An answer across the end of a window is then whole in the next one. */
    public static final int DEFAULT_WINDOW_OVERLAP = 128;

    /** There is always an answer. */
    public static final double NO_THRESHOLD = Double.POSITIVE_INFINITY;

    /** Documents of any length, always with an answer. */
    public static AnswererOptions standard() {
        return new AnswererOptions(
                new WindowOptions(
                        LongDocuments.WINDOWS, WindowOptions.ALL_POSITIONS, DEFAULT_WINDOW_OVERLAP, Locale.ROOT),
                DEFAULT_N_BEST,
                DEFAULT_MAX_ANSWER_TOKENS,
                NO_THRESHOLD);
    }

    public AnswererOptions {
        Objects.requireNonNull(reading, "reading");
        if (nBest < 1) {
            throw new IllegalArgumentException("nBest is " + nBest + ", expected at least 1");
        }
        if (maxAnswerTokens < 1) {
            throw new IllegalArgumentException("maxAnswerTokens is " + maxAnswerTokens + ", expected at least 1");
        }
        if (Double.isNaN(noAnswerThreshold)) {
            throw new IllegalArgumentException("noAnswerThreshold is not a number, expected one");
        }
    }
}
