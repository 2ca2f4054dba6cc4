package io.github.longwing.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.DoublePredicate;
import java.util.function.Function;

/**
 * Which values a {@link GenerationOption} may have.
 *
 * @param text the allowed values in words, as they follow "expected"
 * @param violation the part of a value that is not allowed
 */
record OptionRange<T>(String text, Function<T, Optional<Object>> violation) {

    /** For types whose every value is allowed. */
    static <T> OptionRange<T> any(String text) {
        return new OptionRange<>(text, value -> Optional.empty());
    }

    static OptionRange<Integer> atLeast(int min) {
        return new OptionRange<>("at least " + min, value -> violationIf(value < min, value));
    }

    static OptionRange<OptionalInt> optionalAtLeast(int min) {
        return new OptionRange<>(
                "at least " + min,
                value -> value.isPresent() ? violationIf(value.getAsInt() < min, value.getAsInt()) : Optional.empty());
    }

    static OptionRange<Double> number(String text, DoublePredicate allowed) {
        return new OptionRange<>(text, value -> violationIf(!allowed.test(value), value));
    }

    static OptionRange<OptionalDouble> optionalNumber(String text, DoublePredicate allowed) {
        return new OptionRange<>(
                text,
                value -> value.isPresent()
                        ? violationIf(!allowed.test(value.getAsDouble()), value.getAsDouble())
                        : Optional.empty());
    }

    static OptionRange<List<Integer>> tokenIds() {
        return new OptionRange<>(
                "token ids from 0 up",
                ids -> ids.stream().filter(id -> id < 0).findFirst().map(Object.class::cast));
    }

    static OptionRange<List<List<Integer>>> sequences() {
        return new OptionRange<>("no empty list among them, and token ids from 0 up", sequences -> sequences.stream()
                .filter(ids -> ids.isEmpty() || ids.stream().anyMatch(id -> id < 0))
                .findFirst()
                .map(Object.class::cast));
    }

    /** Above 0 also as a float, which is what scores are divided by. */
    static boolean isPositiveFloat(double value) {
        return (float) value > 0 && (float) value < Float.POSITIVE_INFINITY;
    }

    private static Optional<Object> violationIf(boolean violated, Object value) {
        return violated ? Optional.of(value) : Optional.empty();
    }
}
