package io.github.longwing.task;

import java.io.Serializable;
import java.util.Arrays;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

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

    /** The language that a tag names, such as {@code en}, {@code pt-BR} or {@code zh-Hant}; empty for no known one. */
    public static Optional<Locale> locale(String tag) {
        try {
            Locale locale = new Locale.Builder().setLanguageTag(tag).build();
            return Optional.of(locale).filter(known -> isKnown(known.getLanguage()));
        } catch (IllformedLocaleException e) {
            return Optional.empty();
        }
    }

    private static boolean isKnown(String language) {
        Stream<String> known = Stream.concat(
                Arrays.stream(Locale.getISOLanguages()),
                Arrays.stream(Locale.getAvailableLocales()).map(Locale::getLanguage));
        return language.isEmpty() || known.anyMatch(language::equals);
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
