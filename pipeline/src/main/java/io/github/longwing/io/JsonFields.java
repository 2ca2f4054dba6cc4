package io.github.longwing.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.longwing.error.UserException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Typed access to the fields of one JSON object; every complaint names the file, the field and the value. */
public final class JsonFields {
    private static final int MAX_DIGITS = 18;

    private final String origin;
    private final JsonObject object;

    private JsonFields(String origin, JsonObject object) {
        this.origin = origin;
        this.object = object;
    }

    /** Reads a file that holds one JSON object. */
    public static JsonFields read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new UserException("Cannot read " + file + ": there is no such file, expected a JSON object", e);
        } catch (IOException e) {
            throw new UserException("Cannot read " + file + ": " + e + ", expected a readable JSON object", e);
        }
    }

    /** Parses one JSON object; {@code origin} is what error messages call it. */
    public static JsonFields parse(String origin, String json) {
        try {
            JsonElement element = JsonParser.parseString(json);
            if (element.isJsonObject()) {
                return new JsonFields(origin, element.getAsJsonObject());
            }
        } catch (JsonParseException e) {
            throw new UserException("Cannot read " + origin + ": it is not valid JSON (" + e.getMessage() + ")", e);
        }
        throw new UserException("Cannot read " + origin + ": it is not a JSON object, expected {...}");
    }

    public String origin() {
        return origin;
    }

    /** The names of all fields, in the order of the text. */
    public Set<String> names() {
        return Collections.unmodifiableSet(object.keySet());
    }

    /** The value, or empty where the field is missing or null. */
    public Optional<JsonElement> find(String field) {
        JsonElement element = object.get(field);
        return element == null || element.isJsonNull() ? Optional.empty() : Optional.of(element);
    }

    /** The fields of an object within this one. */
    public Optional<JsonFields> findObject(String field) {
        return find(field).map(e -> {
            if (!e.isJsonObject()) {
                throw unexpected(field, e, "an object");
            }
            return new JsonFields(origin, e.getAsJsonObject());
        });
    }

    public Optional<Integer> findInt(String field) {
        return find(field).map(e -> asInt(field, e));
    }

    /** An integer of at most 18 digits. */
    public Optional<Long> findLong(String field) {
        return find(field).map(e -> {
            if (isPrimitive(e) && e.getAsJsonPrimitive().isNumber()) {
                BigDecimal value = e.getAsBigDecimal().stripTrailingZeros();
                if (value.scale() <= 0 && value.precision() - (long) value.scale() <= MAX_DIGITS) {
                    return value.longValueExact();
                }
            }
            throw unexpected(field, e, "an integer");
        });
    }

    public Optional<Double> findDouble(String field) {
        return find(field).map(e -> {
            if (!isPrimitive(e) || !e.getAsJsonPrimitive().isNumber()) {
                throw unexpected(field, e, "a number");
            }
            return e.getAsDouble();
        });
    }

    /** A list of finite numbers. */
    public Optional<List<Double>> findDoubles(String field) {
        return find(field).map(e -> {
            if (!e.isJsonArray() || !e.getAsJsonArray().asList().stream().allMatch(JsonFields::isFiniteNumber)) {
                throw unexpected(field, e, "a list of finite numbers");
            }
            return e.getAsJsonArray().asList().stream()
                    .map(JsonElement::getAsDouble)
                    .toList();
        });
    }

    private static boolean isFiniteNumber(JsonElement element) {
        return isPrimitive(element)
                && element.getAsJsonPrimitive().isNumber()
                && Double.isFinite(element.getAsDouble());
    }

    public Optional<Boolean> findBoolean(String field) {
        return find(field).map(e -> {
            if (!isPrimitive(e) || !e.getAsJsonPrimitive().isBoolean()) {
                throw unexpected(field, e, "true or false");
            }
            return e.getAsBoolean();
        });
    }

    public Optional<String> findString(String field) {
        return find(field).map(e -> {
            if (!isPrimitive(e) || !e.getAsJsonPrimitive().isString()) {
                throw unexpected(field, e, "a string");
            }
            return e.getAsString();
        });
    }

    /** A list of integers; a single integer counts as a list of one. */
    public Optional<List<Integer>> findInts(String field) {
        return find(field)
                .map(e -> e.isJsonArray()
                        ? e.getAsJsonArray().asList().stream()
                                .map(item -> asInt(field, item))
                                .toList()
                        : List.of(asInt(field, e)));
    }

    public UserException unexpected(String field, Object found, String wanted) {
        return new UserException("Cannot use " + origin + ": " + field + " is " + found + ", expected " + wanted);
    }

    /** The quoted names of an enum's values, for "expected one of ...". */
    public static <E extends Enum<E>> String oneOf(E[] values, java.util.function.Function<E, String> name) {
        return "one of " + Arrays.stream(values).map(name).collect(Collectors.joining(", "));
    }

    private int asInt(String field, JsonElement e) {
        if (isPrimitive(e) && e.getAsJsonPrimitive().isNumber()) {
            double value = e.getAsDouble();
            if (value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE) {
                return (int) value;
            }
        }
        throw unexpected(field, e, "an integer");
    }

    private static boolean isPrimitive(JsonElement e) {
        return e instanceof JsonPrimitive;
    }
}
