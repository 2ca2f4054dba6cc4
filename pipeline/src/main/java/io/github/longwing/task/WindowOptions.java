package io.github.longwing.task;

import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * How documents are split into windows.
 *
 * @param longDocuments how documents over the limit are read
 * @param maxSourceTokens tokens of one run, eos included; {@link #ALL_POSITIONS} for as many as the model has positions
 * @param windowOverlap tokens of a window that the next one reads again
 * @param locale of the rules for the ends of sentences
 */
public record WindowOptions(LongDocuments longDocuments, int maxSourceTokens, int windowOverlap, Locale locale)
        implements Serializable {
    public static final int ALL_POSITIONS = 0;

    /** Up to the model's positions, without overlap, with the sentence rules of no particular language. */
    public static WindowOptions of(LongDocuments longDocuments) {
        return new WindowOptions(longDocuments, ALL_POSITIONS, 0, Locale.ROOT);
    }

    /** Only so many tokens of each document, eos included. */
    public static WindowOptions first(int maxSourceTokens) {
        return new WindowOptions(LongDocuments.TRUNCATE, maxSourceTokens, 0, Locale.ROOT);
    }

    public WindowOptions {
        Objects.requireNonNull(longDocuments, "longDocuments");
        Objects.requireNonNull(locale, "locale");
        if (maxSourceTokens < 0) {
            throw new IllegalArgumentException(
                    "maxSourceTokens is " + maxSourceTokens + ", expected 0 for the model's positions, or more");
        }
        if (windowOverlap < 0) {
            throw new IllegalArgumentException("windowOverlap is " + windowOverlap + ", expected at least 0");
        }
    }
}
