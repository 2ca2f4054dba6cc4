package io.github.longwing.tokenizer;

import com.google.gson.JsonElement;
import io.github.longwing.io.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What tokenizer_config.json and config.json of a model directory say about its tokenizer; either file may be missing.
 *
 * @param offset what is added to the position of a piece to make its id
 * @param eosToken how the eos is spelled
 * @param cleanUp whether decoded text loses the spaces before punctuation
 * @param vocabSize how many ids the model knows; empty without a config.json
 */
record TokenizerConfig(OptionalInt offset, String eosToken, CleanUp cleanUp, OptionalInt vocabSize) {
    static final String FILE = "tokenizer_config.json";
    static final String MODEL_FILE = "config.json";

    /** The default of transformers, which leaves it out of config.json when a model has it. */
    private static final int DEFAULT_VOCAB_SIZE = 96103;

    enum CleanUp {
        NONE,
        /** Spaces before punctuation and English contractions go, as transformers does where the file says so. */
        PUNCTUATION
    }

    static TokenizerConfig read(Path modelDirectory) {
        Optional<JsonFields> tokenizer = readIfThere(modelDirectory.resolve(FILE));
        Optional<JsonFields> model = readIfThere(modelDirectory.resolve(MODEL_FILE));
        return new TokenizerConfig(
                tokenizer
                        .flatMap(json -> json.findInt("offset"))
                        .map(OptionalInt::of)
                        .orElseGet(OptionalInt::empty),
                tokenizer.flatMap(TokenizerConfig::eosToken).orElse("</s>"),
                tokenizer
                        .flatMap(json -> json.findBoolean("clean_up_tokenization_spaces"))
                        .map(clean -> clean ? CleanUp.PUNCTUATION : CleanUp.NONE)
                        .orElse(CleanUp.NONE),
                model.map(json -> OptionalInt.of(json.findInt("vocab_size").orElse(DEFAULT_VOCAB_SIZE)))
                        .orElseGet(OptionalInt::empty));
    }

    private static Optional<JsonFields> readIfThere(Path file) {
        return Files.exists(file) ? Optional.of(JsonFields.read(file)) : Optional.empty();
    }

    /** A token stands there as a string, or as an object that holds it under {@code content}. */
    private static Optional<String> eosToken(JsonFields json) {
        return json.find("eos_token").map(token -> {
            JsonElement content = token.isJsonObject() ? token.getAsJsonObject().get("content") : token;
            if (content == null || !content.isJsonPrimitive()) {
                throw json.unexpected("eos_token", token, "a string or an object with content");
            }
            return content.getAsString();
        });
    }
}
