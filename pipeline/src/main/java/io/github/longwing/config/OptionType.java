package io.github.longwing.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import io.github.longwing.io.JsonFields;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collector;

/**
 * How the values of a {@link GenerationOption} are written in JSON.
 *
 * @param label what stands for a value in a synopsis, such as {@code N}
 * @param reader empty where the field is missing or null
 * @param writer JSON null for a value that is absent
 * @param tokenIds the token ids that a value names
 */
record OptionType<T>(
        String label, Reader<T> reader, Function<T, JsonElement> writer, Function<T, List<Integer>> tokenIds) {

    /** Reads one field of a JSON object. */
    interface Reader<T> {
        Optional<T> read(JsonFields json, String name);
    }

    static final OptionType<Integer> INTEGER = of("N", JsonFields::findInt, JsonPrimitive::new);
    static final OptionType<OptionalInt> OPTIONAL_INTEGER = of("N", OptionType::readOptionalInt, OptionType::number);
    static final OptionType<Long> LONG = of("N", OptionType::readLong, JsonPrimitive::new);
    static final OptionType<Double> NUMBER = of("X", JsonFields::findDouble, JsonPrimitive::new);
    static final OptionType<OptionalDouble> OPTIONAL_NUMBER =
            of("X", (json, name) -> json.findDouble(name).map(OptionalDouble::of), OptionType::number);
    static final OptionType<Boolean> FLAG = of("true|false", JsonFields::findBoolean, JsonPrimitive::new);
    static final OptionType<EarlyStopping> EARLY_STOPPING =
            of("true|false|never", OptionType::readEarlyStopping, OptionType::earlyStopping);
    static final OptionType<SentenceOrder> SENTENCE_ORDER =
            of("document|model", OptionType::readSentenceOrder, order -> new JsonPrimitive(order.configName()));
    static final OptionType<Optional<ExponentialDecay>> EXPONENTIAL_DECAY =
            of("[START,X]", OptionType::readExponentialDecay, OptionType::exponentialDecay);

    static final OptionType<OptionalInt> TOKEN =
            new OptionType<>("ID", OptionType::readOptionalInt, OptionType::number, id -> id.stream()
                    .boxed()
                    .toList());
    static final OptionType<List<Integer>> TOKENS =
            new OptionType<>("ID,...", JsonFields::findInts, ids -> orNull(array(ids)), ids -> ids);
    static final OptionType<List<List<Integer>>> SEQUENCES = new OptionType<>(
            "[[ID,...],...]",
            OptionType::readSequences,
            sequences -> orNull(sequences.stream().map(OptionType::array).collect(toArray())),
            sequences -> sequences.stream().flatMap(List::stream).toList());
    static final OptionType<List<SequenceBias>> SEQUENCE_BIASES = new OptionType<>(
            "[[[ID,...],X],...]",
            OptionType::readSequenceBiases,
            biases -> orNull(biases.stream().map(OptionType::pair).collect(toArray())),
            biases -> biases.stream().flatMap(bias -> bias.tokenIds().stream()).toList());

    private static <T> OptionType<T> of(String label, Reader<T> reader, Function<T, JsonElement> writer) {
        return new OptionType<>(label, reader, writer, value -> List.of());
    }

    private static Optional<OptionalInt> readOptionalInt(JsonFields json, String name) {
        return json.findInt(name).map(OptionalInt::of);
    }

    private static Optional<EarlyStopping> readEarlyStopping(JsonFields json, String name) {
        return json.find(name).map(value -> Arrays.stream(EarlyStopping.values())
                .filter(e -> earlyStopping(e).equals(value))
                .findFirst()
                .orElseThrow(() -> json.unexpected(name, value, "true, false or \"never\"")));
    }

    private static Optional<SentenceOrder> readSentenceOrder(JsonFields json, String name) {
        return json.find(name).map(value -> Arrays.stream(SentenceOrder.values())
                .filter(order -> new JsonPrimitive(order.configName()).equals(value))
                .findFirst()
                .orElseThrow(() -> json.unexpected(name, value, "document or model")));
    }

    private static JsonPrimitive earlyStopping(EarlyStopping value) {
        return switch (value) {
            case TRUE -> new JsonPrimitive(true);
            case FALSE -> new JsonPrimitive(false);
            case NEVER -> new JsonPrimitive(value.configName());
        };
    }

    private static Optional<List<List<Integer>>> readSequences(JsonFields json, String name) {
        String wanted = "a list of lists of token ids, such as [[17], [33, 40]]";
        return json.find(name).map(sequences -> items(json, name, sequences, wanted).stream()
                .map(sequence -> integers(json, name, sequence, wanted))
                .toList());
    }

    private static Optional<List<SequenceBias>> readSequenceBiases(JsonFields json, String name) {
        String wanted = "a list of pairs of token ids and bias, such as [[[33, 40], -2.5]]";
        return json.find(name).map(pairs -> items(json, name, pairs, wanted).stream()
                .map(pair -> {
                    List<JsonElement> both = pair(json, name, pair, wanted);
                    List<Integer> ids = integers(json, name, both.get(0), wanted);
                    return new SequenceBias(ids, both.get(1).getAsFloat());
                })
                .toList());
    }

    private static JsonArray pair(SequenceBias bias) {
        JsonArray pair = new JsonArray();
        pair.add(array(bias.tokenIds()));
        pair.add(bias.bias());
        return pair;
    }

    private static Optional<Optional<ExponentialDecay>> readExponentialDecay(JsonFields json, String name) {
        String wanted = "a start and a factor, such as [15, 1.01]";
        Optional<JsonElement> found = json.find(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<JsonElement> both = pair(json, name, found.get(), wanted);
        int start = integer(json, name, both.get(0), wanted);
        return Optional.of(Optional.of(new ExponentialDecay(start, both.get(1).getAsDouble())));
    }

    private static JsonElement exponentialDecay(Optional<ExponentialDecay> value) {
        return value.<JsonElement>map(decay -> array(List.of(decay.startIndex(), decay.factor())))
                .orElse(JsonNull.INSTANCE);
    }

    private static Optional<Long> readLong(JsonFields json, String name) {
        String wanted = "an integer of 64 bits";
        return json.find(name).map(found -> {
            try {
                if (isNumber(found)) {
                    return found.getAsBigDecimal().longValueExact();
                }
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(name + " is " + found + ", expected " + wanted, e);
            }
            throw json.unexpected(name, found, wanted);
        });
    }

    private static List<JsonElement> items(JsonFields json, String name, JsonElement value, String wanted) {
        if (!value.isJsonArray()) {
            throw json.unexpected(name, value, wanted);
        }
        return value.getAsJsonArray().asList();
    }

    /** A list of two, of which the second is a number. */
    private static List<JsonElement> pair(JsonFields json, String name, JsonElement value, String wanted) {
        List<JsonElement> both = items(json, name, value, wanted);
        if (both.size() != 2 || !isNumber(both.get(1))) {
            throw json.unexpected(name, value, wanted);
        }
        return both;
    }

    private static List<Integer> integers(JsonFields json, String name, JsonElement value, String wanted) {
        return items(json, name, value, wanted).stream()
                .map(item -> integer(json, name, item, wanted))
                .toList();
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
