package io.github.longwing.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Generation options that a user sets, each parsed and within its range; {@link GenerationConfig#with} lays them over
 * those of a model. Immutable; serialized as texts, so that driver and executor need not agree on types.
 */
public final class GenerationOverrides implements Serializable {
    private static final long serialVersionUID = 1;

    static final String ORIGIN = "the generation options";

    private static final GenerationOverrides NONE = new GenerationOverrides(OptionValues.NONE);

    private final transient OptionValues values;

    private GenerationOverrides(OptionValues values) {
        this.values = values;
    }

    /** All options as the model has them. */
    public static GenerationOverrides none() {
        return NONE;
    }

    /**
     * Parses texts as they stand on a command line.
     *
     * @param texts by names in snake or kebab case: {@code num-beams} to {@code 5}, {@code early-stopping} to
     *     {@code never}, {@code eos-token-id} to {@code 1,2}, {@code bad-words-ids} to {@code [[17],[33,40]]};
     *     {@code null} replaces the model's value by the default of transformers
     * @throws UserException naming option, value and what was expected; for an unknown name; for an option of
     *     transformers that Longwing lacks, unless its value changes nothing
     */
    public static GenerationOverrides parse(Map<String, String> texts) {
        JsonObject given = new JsonObject();
        texts.forEach((key, text) -> {
            String name = key.replace('-', '_');
            if (given.has(name)) {
                throw new UserException("Cannot use " + ORIGIN + ": " + name + " is given twice, expected one of "
                        + given.get(name) + " and " + text);
            }
            if (!GenerationOption.names().contains(name) && !UnsupportedOptions.knows(name)) {
                throw new UserException("Cannot use " + ORIGIN + ": " + key + " is unknown, expected one of "
                        + String.join(", ", new TreeSet<>(GenerationOption.names())));
            }
            given.add(name, parse(text));
        });
        JsonFields json = JsonFields.parse(ORIGIN, given.toString());
        UnsupportedOptions.refuse(json);
        return new GenerationOverrides(OptionValues.read(
                json,
                GenerationOption.all().stream()
                        .filter(option -> given.has(option.name()))
                        .toList()));
    }

    /** The value of an option, where it is set. */
    public <T> Optional<T> find(GenerationOption<T> option) {
        return values.find(option);
    }

    /** These with one more option, or with another value for it. */
    public <T> GenerationOverrides with(GenerationOption<T> option, T value) {
        return new GenerationOverrides(values.with(option, value));
    }

    /** The options that are set, by transformers' names; {@link #parse} makes the same of them. */
    public Map<String, String> texts() {
        return values.texts();
    }

    OptionValues values() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GenerationOverrides that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(values);
    }

    @Override
    public String toString() {
        return values.toString();
    }

    private Object writeReplace() {
        return new SerializedForm(new TreeMap<>(texts()));
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("overrides are serialized as texts");
    }

    private record SerializedForm(TreeMap<String, String> texts) implements Serializable {
        private Object readResolve() {
            return parse(texts);
        }
    }

    /** A JSON value; a bare word is a string, and numbers between commas are a list. */
    private static JsonElement parse(String text) {
        if (text.isBlank()) {
            return new JsonPrimitive(text);
        }
        try {
            return JsonParser.parseString(text);
        } catch (JsonParseException e) {
            return text.contains(",") && !text.contains("[") ? parseList(text) : new JsonPrimitive(text);
        }
    }

    private static JsonElement parseList(String text) {
        try {
            return JsonParser.parseString("[" + text + "]");
        } catch (JsonParseException e) {
            return new JsonPrimitive(text);
        }
    }
}
