package io.github.longwing.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.longwing.io.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A token that somebody added to a vocabulary, as the files beside a {@code spiece.model} tell it.
 *
 * @param json as {@code tokenizer.json} has it
 */
record AddedTokenEntry(int id, JsonObject json) {
    private static final String FILE = "added_tokens.json";
    private static final String DECODER = "added_tokens_decoder";
    private static final List<String> FLAGS = List.of("single_word", "lstrip", "rstrip", "normalized", "special");

    /** From {@code added_tokens.json}, and from tokenizer_config.json, which wins; by their ids. */
    static List<AddedTokenEntry> read(Path modelDirectory) {
        Map<Integer, AddedTokenEntry> tokens = new TreeMap<>();
        Path file = modelDirectory.resolve(FILE);
        if (Files.exists(file)) {
            JsonFields fields = JsonFields.read(file);
            for (String content : fields.names()) {
                int id = fields.findInt(content)
                        .filter(value -> value >= 0)
                        .orElseThrow(() -> fields.unexpected(content, "no id", "an integer from 0 up"));
                tokens.put(id, of(id, content));
            }
        }
        Path config = modelDirectory.resolve(TokenizerConfig.FILE);
        if (Files.exists(config)) {
            JsonFields fields = JsonFields.read(config);
            fields.find(DECODER)
                    .filter(JsonElement::isJsonObject)
                    .map(JsonElement::getAsJsonObject)
                    .ifPresent(decoder -> decoder.keySet().forEach(key -> {
                        AddedTokenEntry token = of(fields, key, decoder.get(key));
                        tokens.put(token.id(), token);
                    }));
        }
        return List.copyOf(tokens.values());
    }

    /** What transformers makes of a bare spelling. */
    private static AddedTokenEntry of(int id, String content) {
        JsonObject json = new JsonObject();
        json.addProperty("id", id);
        json.addProperty("content", content);
        FLAGS.forEach(flag -> json.addProperty(flag, flag.equals("normalized")));
        return new AddedTokenEntry(id, json);
    }

    private static AddedTokenEntry of(JsonFields fields, String key, JsonElement value) {
        if (!key.matches("[0-9]{1,9}")
                || !value.isJsonObject()
                || !value.getAsJsonObject().has("content")) {
            throw fields.unexpected(DECODER + "." + key, value, "an id with an object that has content");
        }
        JsonObject found = value.getAsJsonObject();
        AddedTokenEntry token = of(Integer.parseInt(key), found.get("content").getAsString());
        FLAGS.stream().filter(found::has).forEach(flag -> token.json().add(flag, found.get(flag)));
        return token;
    }
}
