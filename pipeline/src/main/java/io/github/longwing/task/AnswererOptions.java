package io.github.longwing.task;

import java.io.Serializable;
import java.util.Objects;

/**
 * How questions are answered.
 *
 * @param nBest answers to keep
 * @param maxAnswerTokens the longest answer
 * @param noAnswerThreshold there is no answer where the no-answer score exceeds the best score by more than this;
 *     infinite to answer always
 */
public record AnswererOptions(ReadingOptions reading, int nBest, int maxAnswerTokens, double noAnswerThreshold)
        implements Serializable {
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
