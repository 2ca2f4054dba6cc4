package io.github.longwing.spark.task;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The values that a caller gives to options by name, as texts. Names may have {@code _} in place of {@code -}. */
public final class OptionTexts {
    private final Map<String, String> texts;

    private OptionTexts(Map<String, String> texts) {
        this.texts = texts;
    }

    /**
     * Options that all are known.
     *
     * @param known the keys that may stand among them
     * @throws UserException naming an option that is unknown or given twice
     */
    public static OptionTexts of(Map<String, String> given, Collection<String> known) {
        Map<String, String> texts = new LinkedHashMap<>();
        given.forEach((name, text) -> {
            String key = name.strip().replace('_', '-').toLowerCase(Locale.ROOT);
            if (!known.contains(key)) {
                throw new UserException("Cannot use the option " + name + ": it is unknown, expected one of "
                        + known.stream().sorted().collect(Collectors.joining(", ")) + DidYouMean.hint(key, known));
            }
            if (texts.put(key, text) != null) {
                throw new UserException("Cannot use the option " + key + ": it is given twice, expected once");
            }
        });
        return new OptionTexts(texts);
    }

    /** The value of an option; empty where it is not given. */
    public Optional<String> find(String key) {
        return Optional.ofNullable(texts.get(key));
    }

    /** The values of those options that are given. */
    Map<String, String> select(Collection<String> keys) {
        Map<String, String> selected = new LinkedHashMap<>(texts);
        selected.keySet().retainAll(keys);
        return selected;
    }

    Optional<Integer> integer(String key, int least) {
        return find(key).map(text -> {
            String expected = "a whole number from " + least + " up";
            try {
                int value = Integer.parseInt(text.strip());
                if (value >= least) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw unexpected(key, text, expected, e);
            }
            throw unexpected(key, text, expected, null);
        });
    }

    /** Any number but NaN. */
    Optional<Double> number(String key) {
        return find(key).map(text -> {
            try {
                double value = Double.parseDouble(text.strip());
                if (!Double.isNaN(value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw unexpected(key, text, "a number", e);
            }
            throw unexpected(key, text, "a number", null);
        });
    }

    Optional<Boolean> flag(String key) {
        return find(key).map(text -> switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw unexpected(key, text, "true or false", null);
        });
    }

    /** One of these constants, by its name in any case. */
    public <E extends Enum<E>> Optional<E> choice(String key, List<E> choices) {
        return find(key).map(text -> choices.stream()
                .filter(choice -> choice.name().equalsIgnoreCase(text.strip()))
                .findFirst()
                .orElseThrow(() -> unexpected(
                        key,
                        text,
                        "one of "
                                + choices.stream()
                                        .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", ")),
                        null)));
    }

    <E extends Enum<E>> Optional<E> choice(String key, E[] choices) {
        return choice(key, Arrays.asList(choices));
    }

    static UserException unexpected(String key, String found, String expected, Exception cause) {
        return new UserException("Cannot use the option " + key + ": it is " + found + ", expected " + expected, cause);
    }
}
