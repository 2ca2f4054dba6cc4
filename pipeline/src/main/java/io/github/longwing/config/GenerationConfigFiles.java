package io.github.longwing.config;

import io.github.longwing.io.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the generation options of a checkpoint from generation_config.json or config.json. */
final class GenerationConfigFiles {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationConfigFiles.class);

    private GenerationConfigFiles() {}

    /** What generation_config.json says; empty where there is no such file. */
    static Optional<JsonFields> own(Path modelDirectory) {
        Path file = modelDirectory.resolve("generation_config.json");
        return Files.exists(file) ? Optional.of(JsonFields.read(file)) : Optional.empty();
    }

    static GenerationConfig read(Path modelDirectory) {
        Path configJson = modelDirectory.resolve("config.json");
        Optional<JsonFields> own = own(modelDirectory);
        if (own.isEmpty()) {
            JsonFields model = JsonFields.read(configJson);
            return withSpecialTokens(withForcedBos(config(model), model), model);
        }
        JsonFields json = own.get();
        warnUnknownFields(json);
        GenerationConfig config = config(json);
        // transformers refuses to start without either, so nobody can rely on the other tokens being absent
        return config.startTokenId().isPresent() ? config : withSpecialTokens(config, JsonFields.read(configJson));
    }

    private static GenerationConfig config(JsonFields json) {
        UnsupportedOptions.refuse(json);
        return GenerationConfig.read(json);
    }

    /** Old checkpoints of the BART family ask in this way for their bos to come first. */
    private static GenerationConfig withForcedBos(GenerationConfig config, JsonFields model) {
        boolean forced = model.findBoolean("force_bos_token_to_be_generated").orElse(false);
        OptionalInt bos = config.get(GenerationOption.BOS_TOKEN_ID);
        return forced && bos.isPresent()
                ? config.with(model.origin(), GenerationOption.FORCED_BOS_TOKEN_ID, bos)
                : config;
    }

    /** Completes the tokens from config.json and its class's defaults where an encoder-decoder model has no start. */
    private static GenerationConfig withSpecialTokens(GenerationConfig config, JsonFields model) {
        if (config.startTokenId().isPresent()
                || !model.findBoolean("is_encoder_decoder").orElse(true)) {
            return config;
        }
        GenerationConfig completed = config;
        completed = completed(completed, model, GenerationOption.PAD_TOKEN_ID, OptionalInt.of(0));
        completed = completed(completed, model, GenerationOption.BOS_TOKEN_ID, OptionalInt.of(2));
        completed = completed(completed, model, GenerationOption.EOS_TOKEN_ID, List.of(1));
        return completed(completed, model, GenerationOption.DECODER_START_TOKEN_ID, OptionalInt.of(2));
    }

    private static <T> GenerationConfig completed(
            GenerationConfig config, JsonFields model, GenerationOption<T> option, T classDefault) {
        if (!config.get(option).equals(option.defaultValue())) {
            return config;
        }
        T value = model.find(option.name()).isPresent() ? option.read(model) : classDefault;
        return config.with(model.origin(), option, value);
    }

    private static void warnUnknownFields(JsonFields json) {
        Set<String> unknown = new TreeSet<>(json.names());
        unknown.removeAll(GenerationOption.names());
        unknown.removeAll(AnswerPreset.NAMES);
        unknown.removeAll(SentenceHead.NAMES);
        unknown.removeIf(UnsupportedOptions::knows);
        if (!unknown.isEmpty()) {
            LOG.warn("{} names {}, which neither transformers nor Longwing knows; ignored", json.origin(), unknown);
        }
    }
}
