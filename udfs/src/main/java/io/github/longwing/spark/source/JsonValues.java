package io.github.longwing.spark.source;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Values of a record whose grammar is known to be right: maps, lists, strings, booleans, {@link Digits}, null. What lies
 * very deep stays {@link Json}.
 */
final class JsonValues {
    private static final int MAX_DEPTH = 64;
    private static final Set<String> NON_FINITE = Set.of("NaN", "Infinity", "-Infinity");

    private final JsonReader reader;
    private final boolean nonFinite;

    private JsonValues(JsonReader reader, boolean nonFinite) {
        this.reader = reader;
        this.nonFinite = nonFinite;
    }

    /** A number as it is written. */
    record Digits(String written) {}

    /** A value as the text that it is written as. */
    record Json(String written) {}

    /**
     * The values of an object.
     *
     * @param nonFinite whether NaN or Infinity stands in it, as many programs write them; Gson gives them as strings
     */
    static Map<String, Object> read(Reader record, boolean nonFinite) throws IOException, MalformedException {
        JsonReader reader = new JsonReader(record);
        reader.setStrictness(Strictness.LENIENT);
        reader.setNestingLimit(Integer.MAX_VALUE);
        return new JsonValues(reader, nonFinite).object(1);
    }

    /** The text of a value: of a string the string, of others JSON. */
    static String string(Object value) {
        if (value instanceof String || value instanceof Boolean) {
            return value.toString();
        }
        if (value instanceof Digits digits) {
            return digits.written();
        }
        if (value instanceof Json json) {
            return json.written();
        }
        StringWriter json = new StringWriter();
        try (JsonWriter writer = writer(json)) {
            write(value, writer);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write a JSON value to memory", e);
        }
        return json.toString();
    }

    private static JsonWriter writer(StringWriter json) {
        JsonWriter writer = new JsonWriter(json);
        writer.setStrictness(Strictness.LENIENT);
        return writer;
    }

    private static void write(Object value, JsonWriter writer) throws IOException {
        if (value instanceof Map<?, ?> map) {
            writer.beginObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                writer.name(entry.getKey().toString());
                write(entry.getValue(), writer);
            }
            writer.endObject();
        } else if (value instanceof List<?> list) {
            writer.beginArray();
            for (Object element : list) {
                write(element, writer);
            }
            writer.endArray();
        } else if (value instanceof String string) {
            writer.value(string);
        } else if (value == null) {
            writer.nullValue();
        } else {
            writer.jsonValue(string(value));
        }
    }

    private Map<String, Object> object(int depth) throws IOException, MalformedException {
        Map<String, Object> object = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String key = checked(reader.nextName());
            if (object.containsKey(key)) {
                throw new MalformedException(0, "the key " + key + " stands twice in one object, expected it once");
            }
            object.put(key, value(depth));
        }
        reader.endObject();
        return object;
    }

    private Object value(int depth) throws IOException, MalformedException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> depth < MAX_DEPTH ? object(depth + 1) : copy();
            case BEGIN_ARRAY -> depth < MAX_DEPTH ? array(depth + 1) : copy();
            case STRING -> string();
            case NUMBER -> new Digits(reader.nextString());
            case BOOLEAN -> reader.nextBoolean();
            case NULL -> {
                reader.nextNull();
                yield null;
            }
            default -> throw new IllegalStateException("Found " + reader.peek() + " in JSON that was checked");
        };
    }

    private Object string() throws IOException, MalformedException {
        String string = reader.nextString();
        return nonFinite && NON_FINITE.contains(string) ? new Digits(string) : checked(string);
    }

    private List<Object> array(int depth) throws IOException, MalformedException {
        List<Object> array = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(value(depth));
        }
        reader.endArray();
        return array;
    }

    /** UTF-8 has no halves of surrogate pairs, so they would become question marks. */
    private static String checked(String string) throws MalformedException {
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < string.length()
                        && Character.isLowSurrogate(string.charAt(i + 1))) {
                    i++;
                } else {
                    throw new MalformedException(
                            0,
                            String.format(
                                    Locale.ROOT, "found half of a surrogate pair (\\u%04x), expected both", (int) c));
                }
            }
        }
        return string;
    }

    /** Copies what would be too deep for the stack. */
    private Json copy() throws IOException, MalformedException {
        StringWriter json = new StringWriter();
        JsonWriter writer = writer(json);
        int depth = 0;
        do {
            JsonToken token = reader.peek();
            switch (token) {
                case BEGIN_OBJECT -> {
                    reader.beginObject();
                    writer.beginObject();
                    depth++;
                }
                case END_OBJECT -> {
                    reader.endObject();
                    writer.endObject();
                    depth--;
                }
                case BEGIN_ARRAY -> {
                    reader.beginArray();
                    writer.beginArray();
                    depth++;
                }
                case END_ARRAY -> {
                    reader.endArray();
                    writer.endArray();
                    depth--;
                }
                case NAME -> writer.name(checked(reader.nextName()));
                case STRING -> writer.value(checked(reader.nextString()));
                case NUMBER -> writer.jsonValue(reader.nextString());
                case BOOLEAN -> writer.value(reader.nextBoolean());
                case NULL -> {
                    reader.nextNull();
                    writer.nullValue();
                }
                case END_DOCUMENT -> throw new IllegalStateException("JSON that was checked ends early");
            }
        } while (depth > 0);
        return new Json(json.toString());
    }
}
