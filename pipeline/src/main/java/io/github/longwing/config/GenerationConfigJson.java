package io.github.longwing.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.longwing.error.UserException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collector;

/** {@link GenerationConfig} as a JSON object with transformers' names, both ways. */
final class GenerationConfigJson {
    private GenerationConfigJson() {}

    /** Fields that are missing or null get transformers' defaults; fields of other names are left alone. */
    static GenerationConfig read(JsonFields json) {
        try {
            return new GenerationConfig(
                    optionalInt(json, "max_length"),
                    optionalInt(json, "max_new_tokens"),
                    json.findInt("min_length").orElse(0),
                    optionalInt(json, "min_new_tokens"),
                    json.findInt("num_beams").orElse(1),
                    json.findInt("num_return_sequences").orElse(1),
                    earlyStopping(json),
                    json.findDouble("length_penalty").orElse(1.0),
                    json.findBoolean("do_sample").orElse(false),
                    json.findDouble("temperature").orElse(1.0),
                    json.findInt("top_k").orElse(50),
                    json.findDouble("top_p").orElse(1.0),
                    optionalDouble(json, "top_h"),
                    optionalDouble(json, "min_p"),
                    json.findDouble("typical_p").orElse(1.0),
                    json.findDouble("epsilon_cutoff").orElse(0.0),
                    json.findDouble("eta_cutoff").orElse(0.0),
                    json.findDouble("repetition_penalty").orElse(1.0),
                    json.findDouble("encoder_repetition_penalty").orElse(1.0),
                    json.findInt("no_repeat_ngram_size").orElse(0),
                    json.findInt("encoder_no_repeat_ngram_size").orElse(0),
                    badWords(json),
                    sequenceBias(json),
                    ids(json, "suppress_tokens"),
                    ids(json, "begin_suppress_tokens"),
                    optionalInt(json, "forced_bos_token_id"),
                    ids(json, "forced_eos_token_id"),
                    exponentialDecay(json),
                    json.findBoolean("renormalize_logits").orElse(false),
                    optionalInt(json, "pad_token_id"),
                    optionalInt(json, "bos_token_id"),
                    ids(json, "eos_token_id"),
                    optionalInt(json, "decoder_start_token_id"),
                    seed(json));
        } catch (IllegalArgumentException e) {
            throw new UserException("Cannot use " + json.origin() + ": " + e.getMessage(), e);
        }
    }

    /** All options; JSON null for one that is absent. */
    static JsonObject write(GenerationConfig config) {
        JsonObject json = new JsonObject();
        json.add("max_length", number(config.maxLength()));
        json.add("max_new_tokens", number(config.maxNewTokens()));
        json.addProperty("min_length", config.minLength());
        json.add("min_new_tokens", number(config.minNewTokens()));
        json.addProperty("num_beams", config.numBeams());
        json.addProperty("num_return_sequences", config.numReturnSequences());
        json.add("early_stopping", earlyStopping(config.earlyStopping()));
        json.addProperty("length_penalty", config.lengthPenalty());
        json.addProperty("do_sample", config.doSample());
        json.addProperty("temperature", config.temperature());
        json.addProperty("top_k", config.topK());
        json.addProperty("top_p", config.topP());
        json.add("top_h", number(config.topH()));
        json.add("min_p", number(config.minP()));
        json.addProperty("typical_p", config.typicalP());
        json.addProperty("epsilon_cutoff", config.epsilonCutoff());
        json.addProperty("eta_cutoff", config.etaCutoff());
        json.addProperty("repetition_penalty", config.repetitionPenalty());
        json.addProperty("encoder_repetition_penalty", config.encoderRepetitionPenalty());
        json.addProperty("no_repeat_ngram_size", config.noRepeatNgramSize());
        json.addProperty("encoder_no_repeat_ngram_size", config.encoderNoRepeatNgramSize());
        json.add(
                "bad_words_ids",
                orNull(config.badWordsIds().stream()
                        .map(GenerationConfigJson::array)
                        .collect(toArray())));
        json.add(
                "sequence_bias",
                orNull(config.sequenceBias().stream()
                        .map(GenerationConfigJson::pair)
                        .collect(toArray())));
        json.add("suppress_tokens", orNull(array(config.suppressTokens())));
        json.add("begin_suppress_tokens", orNull(array(config.beginSuppressTokens())));
        json.add("forced_bos_token_id", number(config.forcedBosTokenId()));
        json.add("forced_eos_token_id", orNull(array(config.forcedEosTokenId())));
        json.add(
                "exponential_decay_length_penalty",
                config.exponentialDecayLengthPenalty()
                        .<JsonElement>map(decay -> array(List.of(decay.startIndex(), decay.factor())))
                        .orElse(JsonNull.INSTANCE));
        json.addProperty("renormalize_logits", config.renormalizeLogits());
        json.add("pad_token_id", number(config.padTokenId()));
        json.add("bos_token_id", number(config.bosTokenId()));
        json.add("eos_token_id", orNull(array(config.eosTokenId())));
        json.add("decoder_start_token_id", number(config.decoderStartTokenId()));
        json.addProperty("seed", config.seed());
        return json;
    }

    /** The names of all options. */
    static Set<String> names() {
        return write(GenerationConfig.defaults()).keySet();
    }

    static Map<String, String> settings(GenerationConfig config) {
        Map<String, String> settings = new LinkedHashMap<>();
        write(config).asMap().forEach((name, value) -> {
            if (!value.isJsonNull()) {
                boolean isText = value instanceof JsonPrimitive
                        && value.getAsJsonPrimitive().isString();
                settings.put(name, isText ? value.getAsString() : value.toString());
            }
        });
        return settings;
    }

    private static EarlyStopping earlyStopping(JsonFields json) {
        Optional<JsonElement> found = json.find("early_stopping");
        return found.map(value -> Arrays.stream(EarlyStopping.values())
                        .filter(e -> earlyStopping(e).equals(value))
                        .findFirst()
                        .orElseThrow(() -> json.unexpected("early_stopping", value, "true, false or \"never\"")))
                .orElse(EarlyStopping.FALSE);
    }

    private static JsonPrimitive earlyStopping(EarlyStopping value) {
        return switch (value) {
            case TRUE -> new JsonPrimitive(true);
            case FALSE -> new JsonPrimitive(false);
            case NEVER -> new JsonPrimitive(value.configName());
        };
    }

    private static List<List<Integer>> badWords(JsonFields json) {
        String wanted = "a list of lists of token ids, such as [[17], [33, 40]]";
        return json.find("bad_words_ids")
                .map(words -> items(json, "bad_words_ids", words, wanted).stream()
                        .map(word -> items(json, "bad_words_ids", word, wanted).stream()
                                .map(id -> integer(json, "bad_words_ids", id, wanted))
                                .toList())
                        .toList())
                .orElse(List.of());
    }

    private static List<SequenceBias> sequenceBias(JsonFields json) {
        String name = "sequence_bias";
        String wanted = "a list of pairs of token ids and bias, such as [[[33, 40], -2.5]]";
        return json.find(name)
                .map(pairs -> items(json, name, pairs, wanted).stream()
                        .map(pair -> {
                            List<JsonElement> both = items(json, name, pair, wanted);
                            if (both.size() != 2 || !isNumber(both.get(1))) {
                                throw json.unexpected(name, pair, wanted);
                            }
                            List<Integer> ids = items(json, name, both.get(0), wanted).stream()
                                    .map(id -> integer(json, name, id, wanted))
                                    .toList();
                            return new SequenceBias(ids, both.get(1).getAsFloat());
                        })
                        .toList())
                .orElse(List.of());
    }

    private static Optional<ExponentialDecay> exponentialDecay(JsonFields json) {
        String name = "exponential_decay_length_penalty";
        String wanted = "a start and a factor, such as [15, 1.01]";
        return json.find(name).map(value -> {
            List<JsonElement> both = items(json, name, value, wanted);
            if (both.size() != 2 || !isNumber(both.get(1))) {
                throw json.unexpected(name, value, wanted);
            }
            return new ExponentialDecay(
                    integer(json, name, both.get(0), wanted), both.get(1).getAsDouble());
        });
    }

    private static long seed(JsonFields json) {
        String wanted = "an integer of 64 bits";
        JsonElement found = json.find("seed").orElse(new JsonPrimitive(GenerationConfig.DEFAULT_SEED));
        try {
            if (isNumber(found)) {
                return found.getAsBigDecimal().longValueExact();
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("seed is " + found + ", expected " + wanted, e);
        }
        throw json.unexpected("seed", found, wanted);
    }

    private static List<Integer> ids(JsonFields json, String name) {
        return json.findInts(name).orElse(List.of());
    }

    private static OptionalInt optionalInt(JsonFields json, String name) {
        return json.findInt(name).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private static OptionalDouble optionalDouble(JsonFields json, String name) {
        return json.findDouble(name).map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    private static List<JsonElement> items(JsonFields json, String name, JsonElement value, String wanted) {
        if (!value.isJsonArray()) {
            throw json.unexpected(name, value, wanted);
        }
        return value.getAsJsonArray().asList();
    }

    private static int integer(JsonFields json, String name, JsonElement value, String wanted) {
        try {
            if (isNumber(value)) {
                return value.getAsBigDecimal().intValueExact();
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + wanted, e);
        }
        throw json.unexpected(name, value, wanted);
    }

    private static boolean isNumber(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    }

    private static JsonElement number(OptionalInt value) {
        return value.isPresent() ? new JsonPrimitive(value.getAsInt()) : JsonNull.INSTANCE;
    }

    private static JsonElement number(OptionalDouble value) {
        return value.isPresent() ? new JsonPrimitive(value.getAsDouble()) : JsonNull.INSTANCE;
    }

    private static JsonArray array(List<? extends Number> values) {
        return values.stream().map(JsonPrimitive::new).collect(toArray());
    }

    private static JsonArray pair(SequenceBias bias) {
        JsonArray pair = new JsonArray();
        pair.add(array(bias.tokenIds()));
        pair.add(bias.bias());
        return pair;
    }

    private static JsonElement orNull(JsonArray array) {
        return array.isEmpty() ? JsonNull.INSTANCE : array;
    }

    private static Collector<JsonElement, ?, JsonArray> toArray() {
        return Collector.of(JsonArray::new, JsonArray::add, (left, right) -> {
            left.addAll(right);
            return left;
        });
    }
}
