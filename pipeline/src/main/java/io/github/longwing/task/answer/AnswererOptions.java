package io.github.longwing.task.answer;

import io.github.longwing.config.AnswerPreset;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * How questions are answered.
 *
 * @param nBest answers to keep
 * @param maxAnswerTokens the longest answer; {@link #MODELS_OWN_LENGTH} for what the model's files say
 * @param noAnswerThreshold there is no answer where the no-answer score exceeds the best score by more than this;
 *     infinity for always an answer, {@link #MODELS_OWN_THRESHOLD} for what the model's files say
 */
public record AnswererOptions(WindowOptions reading, int nBest, int maxAnswerTokens, double noAnswerThreshold)
        implements Serializable {
    public static final int DEFAULT_N_BEST = 5;
    /** The longest answer where nobody says. */
    public static final int DEFAULT_MAX_ANSWER_TOKENS = 30;

    public static final int MODELS_OWN_LENGTH = 0;

    /** Not a number. */
    public static final double MODELS_OWN_THRESHOLD = Double.NaN;

    /** An answer across the end of a window is then whole in the next one. */
    public static final int DEFAULT_WINDOW_OVERLAP = 128;

    /** There is always an answer. */
    public static final double NO_THRESHOLD = Double.POSITIVE_INFINITY;

    /** Documents of any length, answered as the model's files say; where they say nothing, always with an answer. */
    public static AnswererOptions standard() {
        return new AnswererOptions(
                new WindowOptions(
                        LongDocuments.WINDOWS, WindowOptions.ALL_POSITIONS, DEFAULT_WINDOW_OVERLAP, Locale.ROOT),
                DEFAULT_N_BEST,
                MODELS_OWN_LENGTH,
                MODELS_OWN_THRESHOLD);
    }

    /** These options, with the model's own where they leave it to the model. */
    AnswererOptions completed(AnswerPreset model) {
        return new AnswererOptions(
                reading,
                nBest,
                maxAnswerTokens == MODELS_OWN_LENGTH
                        ? model.maxAnswerTokens().orElse(DEFAULT_MAX_ANSWER_TOKENS)
                        : maxAnswerTokens,
                Double.isNaN(noAnswerThreshold) ? model.noAnswerThreshold().orElse(NO_THRESHOLD) : noAnswerThreshold);
    }

    public AnswererOptions {
        Objects.requireNonNull(reading, "reading");
        if (nBest < 1) {
            throw new IllegalArgumentException("nBest is " + nBest + ", expected at least 1");
        }
        if (maxAnswerTokens < MODELS_OWN_LENGTH) {
            throw new IllegalArgumentException(
                    "maxAnswerTokens is " + maxAnswerTokens + ", expected at least 1, or 0 for the model's own");
        }
    }
}
