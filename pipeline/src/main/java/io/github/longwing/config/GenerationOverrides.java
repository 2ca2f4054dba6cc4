package io.github.longwing.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.longwing.error.UserException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Settings from a command line or a conf file, laid over those of a model. */
final class GenerationOverrides {
    private static final String ORIGIN = "the generation options";

    private GenerationOverrides() {}

    static GenerationConfig apply(GenerationConfig config, Map<String, String> overrides) {
        JsonObject given = new JsonObject();
        overrides.forEach((key, text) -> {
            String name = key.replace('-', '_');
            if (given.has(name)) {
                throw new UserException("Cannot use " + ORIGIN + ": " + name + " is given twice, expected one of "
                        + given.get(name) + " and " + text);
            }
            if (!GenerationConfigJson.names().contains(name) && !UnsupportedOptions.knows(name)) {
                throw new UserException("Cannot use " + ORIGIN + ": " + key + " is unknown, expected one of "
                        + String.join(", ", new TreeSet<>(GenerationConfigJson.names())));
            }
            given.add(name, parse(text));
        });
        UnsupportedOptions.refuse(JsonFields.parse(ORIGIN, given.toString()));

        JsonObject merged = GenerationConfigJson.write(config);
        given.asMap().forEach(merged::add);
        GenerationConfig result = GenerationConfigJson.read(JsonFields.parse(ORIGIN, merged.toString()));

        // Against a length of the model this is a note, as in transformers; both from one hand are a mistake.
        boolean bothGiven =
                namesAny(given, "min_length", "min_new_tokens") && namesAny(given, "max_length", "max_new_tokens");
        if (bothGiven && result.leastLength(1) > result.lengthLimit(1, Integer.MAX_VALUE)) {
            throw new UserException("Cannot use " + ORIGIN + ": " + result.least() + " is above " + result.most()
                    + ", expected a least length within the limit; lower the one or raise the other");
        }
        return result;
    }

    private static boolean namesAny(JsonObject given, String... names) {
        return !Collections.disjoint(given.keySet(), List.of(names));
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
