package io.github.longwing.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import io.github.longwing.io.JsonFields;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The options of transformers' {@code GenerationConfig} that {@link GenerationConfig} lacks. */
final class UnsupportedOptions {

    /** Options that change no token of what Longwing generates, whatever their value. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "_commit_hash",
            "_from_model_config",
            "transformers_version",
            "use_cache",
            "cache_config",
            "max_cache_len",
            "prefill_chunk_size",
            "return_legacy_cache",
            "compile_config",
            "disable_compile",
            "continuous_batching_config",
            "low_memory",
            "output_attentions",
            "output_hidden_states",
            "output_logits",
            "output_scores",
            "return_dict_in_generate",
            // these belong to an assistant model, which no configuration file can bring along
            "num_assistant_tokens",
            "num_assistant_tokens_schedule",
            "assistant_confidence_threshold",
            "assistant_lookbehind",
            "target_lookbehind",
            "max_matching_ngram_size");

    private static final Map<String, Unsupported> UNSUPPORTED = Map.ofEntries(
            Map.entry("num_beam_groups", new Unsupported(is(1), "1; Longwing has no group beam search")),
            Map.entry("diversity_penalty", new Unsupported(is(0), "0; Longwing has no group beam search")),
            Map.entry("penalty_alpha", new Unsupported(is(0), "0; Longwing has no contrastive search")),
            Map.entry("dola_layers", absent("Longwing does not contrast layers")),
            Map.entry("constraints", absent("Longwing has no constrained beam search")),
            Map.entry("force_words_ids", absent("Longwing has no constrained beam search")),
            Map.entry("guidance_scale", new Unsupported(is(1), "1; Longwing has no classifier-free guidance")),
            Map.entry("watermarking_config", absent("Longwing does not watermark")),
            Map.entry(
                    "stop_strings",
                    new Unsupported(
                            v -> v.isJsonArray() && v.getAsJsonArray().isEmpty(), "null; Longwing stops at tokens")),
            Map.entry("max_time", absent("results would depend on the speed of the machine")),
            Map.entry("remove_invalid_values", off("a document whose scores are not finite becomes an error row")),
            Map.entry("token_healing", off("Longwing takes a prompt as it is")),
            Map.entry(
                    "cache_implementation",
                    new Unsupported(
                            v -> !v.equals(new JsonPrimitive("quantized")), "a cache that keeps its precision")),
            Map.entry("prompt_lookup_num_tokens", absent("Longwing has no assisted generation")),
            Map.entry("assistant_early_exit", absent("Longwing has no assisted generation")),
            Map.entry("assistant_ensemble_weight", absent("Longwing has no assisted generation")),
            Map.entry("speculation_type", absent("Longwing has no assisted generation")),
            Map.entry("is_assistant", off("Longwing has no assisted generation")),
            Map.entry("use_mtp", off("Longwing has no assisted generation")));

    private UnsupportedOptions() {}

    /** Whether the name is one of transformers' options that Longwing lacks, or one that has no effect here. */
    static boolean knows(String name) {
        return WITHOUT_EFFECT.contains(name) || UNSUPPORTED.containsKey(name);
    }

    /** Refuses any value of these options that would change what is generated. */
    static void refuse(JsonFields json) {
        for (String name : json.names()) {
            JsonElement value = json.find(name).orElse(JsonNull.INSTANCE);
            Unsupported option = UNSUPPORTED.get(name);
            if (option != null && !value.isJsonNull() && !option.neutral().test(value)) {
                throw json.unexpected(name, value, option.wanted() + "; leave it out");
            }
        }
    }

    private static Unsupported absent(String reason) {
        return new Unsupported(value -> false, "null; " + reason);
    }

    private static Unsupported off(String reason) {
        return new Unsupported(new JsonPrimitive(false)::equals, "false; " + reason);
    }

    private static Predicate<JsonElement> is(double neutral) {
        return value ->
                value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber() && value.getAsDouble() == neutral;
    }

    /**
     * An option that must stay off.
     *
     * @param neutral which values change nothing; null never does
     */
    private record Unsupported(Predicate<JsonElement> neutral, String wanted) {}
}
