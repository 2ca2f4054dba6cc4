package io.github.longwing.config;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a checkpoint says how it wants to generate. */
final class GenerationConfigFiles {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationConfigFiles.class);

    private GenerationConfigFiles() {}

    static GenerationConfig read(Path modelDirectory) {
        Path own = modelDirectory.resolve("generation_config.json");
        Path configJson = modelDirectory.resolve("config.json");
        if (!Files.exists(own)) {
            JsonFields model = JsonFields.read(configJson);
            return withSpecialTokens(withForcedBos(config(model), model), model);
        }
        JsonFields json = JsonFields.read(own);
        warnUnknownFields(json);
        GenerationConfig config = config(json);
        // transformers refuses to start without either, so nobody can rely on the other tokens being absent
        return config.startTokenId().isPresent() ? config : withSpecialTokens(config, JsonFields.read(configJson));
    }

    private static GenerationConfig config(JsonFields json) {
        UnsupportedOptions.refuse(json);
        return GenerationConfigJson.read(json);
    }

    /** Old checkpoints of the BART family ask in this way for their bos to come first. */
    private static GenerationConfig withForcedBos(GenerationConfig config, JsonFields model) {
        boolean forced = model.findBoolean("force_bos_token_to_be_generated").orElse(false);
        if (!forced || config.bosTokenId().isEmpty()) {
            return config;
        }
        JsonObject json = GenerationConfigJson.write(config);
        json.addProperty("forced_bos_token_id", config.bosTokenId().getAsInt());
        return GenerationConfigJson.read(JsonFields.parse(model.origin(), json.toString()));
    }

    /** Completes the tokens from config.json and its class's defaults where an encoder-decoder model has no start. */
    private static GenerationConfig withSpecialTokens(GenerationConfig config, JsonFields model) {
        if (config.startTokenId().isPresent()
                || !model.findBoolean("is_encoder_decoder").orElse(true)) {
            return config;
        }
        JsonObject json = GenerationConfigJson.write(config);
        for (Fallback fallback : List.of(
                new Fallback("pad_token_id", 0),
                new Fallback("bos_token_id", 2),
                new Fallback("eos_token_id", 1),
                new Fallback("decoder_start_token_id", 2))) {
            if (json.get(fallback.name()).isJsonNull()) {
                json.add(
                        fallback.name(),
                        model.find(fallback.name()).orElse(new JsonPrimitive(fallback.classDefault())));
            }
        }
        return GenerationConfigJson.read(JsonFields.parse(model.origin(), json.toString()));
    }

    private static void warnUnknownFields(JsonFields json) {
        Set<String> strangers = new TreeSet<>(json.names());
        strangers.removeAll(GenerationConfigJson.names());
        strangers.removeIf(UnsupportedOptions::knows);
        if (!strangers.isEmpty()) {
            LOG.warn("{} names {}, which neither transformers nor Longwing knows; ignored", json.origin(), strangers);
        }
    }

    private record Fallback(String name, int classDefault) {}
}
