package io.github.longwing.config;

import com.google.gson.JsonElement;
import io.github.longwing.io.JsonFields;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values of some generation options, each of its option's type and within its range. Immutable. */
final class OptionValues {
    static final OptionValues NONE = new OptionValues(Map.of());

    private final Map<GenerationOption<?>, Object> values; // in the order of the table

    private OptionValues(Map<GenerationOption<?>, Object> values) {
        this.values = values;
    }

    /**
     * Reads options from a JSON object; one that is missing or null gets its default.
     *
     * @throws io.github.longwing.error.UserException naming the origin, the option, the value and what was expected
     */
    static OptionValues read(JsonFields json, Collection<GenerationOption<?>> options) {
        Map<GenerationOption<?>, Object> values = new LinkedHashMap<>();
        options.forEach(option -> values.put(option, option.read(json)));
        return new OptionValues(values);
    }

    @SuppressWarnings("unchecked") // a value is put in with its option alone
    <T> Optional<T> find(GenerationOption<T> option) {
        return Optional.ofNullable((T) values.get(option));
    }

    boolean hasAny(GenerationOption<?>... options) {
        return !Collections.disjoint(values.keySet(), List.of(options));
    }

    /** @throws IllegalArgumentException if the value is outside the range of its option */
    <T> OptionValues with(GenerationOption<T> option, T value) {
        option.check(value);
        Map<GenerationOption<?>, Object> copy = new LinkedHashMap<>(values);
        copy.put(option, value);
        return new OptionValues(copy);
    }

    /** These values, replaced by those of {@code overrides} where it has some. */
    OptionValues with(OptionValues overrides) {
        Map<GenerationOption<?>, Object> copy = new LinkedHashMap<>(values);
        copy.putAll(overrides.values);
        return new OptionValues(copy);
    }

    /** The values as texts that can be parsed again, by the names of their options; {@code null} for an absent one. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        values.keySet().forEach(option -> texts.put(option.name(), text(option)));
        return texts;
    }

    private <T> String text(GenerationOption<T> option) {
        JsonElement json = option.toJson(find(option).orElseThrow());
        return json.isJsonPrimitive() && json.getAsJsonPrimitive().isString() ? json.getAsString() : json.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OptionValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return texts().toString();
    }
}
