package io.github.longwing.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.generation.logits.SearchInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything at once, against what transformers generates with the same model and the same draws. */
class TransformersTracesTest {
    private static final Map<String, String> SPECIAL_TOKENS =
            Map.of("pad_token_id", "0", "eos_token_id", "1", "bos_token_id", "2", "decoder_start_token_id", "2");

    @ParameterizedTest(name = "{0}")
    @MethodSource("traces")
    void generatesTheSequencesAndScoresOfTransformers(Trace trace) {
        GenerationConfig config = trace.config();
        FakeModel model = trace.model();
        SearchInput input = trace.input();

        List<GeneratedSequence> found = model.generate(config, input);

        assertThat(found).hasSize(config.get(GenerationOption.NUM_RETURN_SEQUENCES));
        for (int i = 0; i < trace.sequences().size(); i++) {
            List<Integer> expected = trace.sequences().get(i);
            List<Integer> ids = new ArrayList<>(found.get(i).ids());
            while (ids.size() < expected.size()) {
                ids.add(config.fillTokenId());
            }
            assertThat(ids).as("sequence %d", i).isEqualTo(expected);
            OptionalDouble score = found.get(i).score();
            if (trace.scores() == null) {
                assertThat(score).isEmpty();
            } else {
                double wanted = trace.scores().get(i);
                assertThat(score.getAsDouble()).isCloseTo(wanted, within(1e-5 * Math.max(1, Math.abs(wanted))));
            }
        }
    }

    @Test
    void theTracesCoverEveryOptionThatDecidesTokens() {
        Set<String> covered = new TreeSet<>();
        traces().forEach(trace -> covered.addAll(trace.options().keySet()));
        covered.addAll(SPECIAL_TOKENS.keySet());
        covered.addAll(
                List.of("extractive", "sentence_order", "sentence_prior", "sentence_head")); // see HeldSearchTest

        assertThat(covered)
                .containsAll(GenerationConfig.defaults()
                        .with(SPECIAL_TOKENS)
                        .settings()
                        .keySet());
        assertThat(traces()).hasSizeGreaterThan(400);
        assertThat(traces().filter(t -> t.has("do_sample") && t.has("num_beams")))
                .hasSizeGreaterThan(30);
        assertThat(traces().filter(t -> t.has("do_sample") && !t.has("num_beams")))
                .hasSizeGreaterThan(20);
    }

    static Stream<Trace> traces() {
        return Goldens.read("traces.json").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(Trace::new);
    }

    /** One run of transformers. */
    record Trace(JsonObject json) {

        boolean has(String option) {
            return options().containsKey(option);
        }

        Map<String, String> options() {
            Map<String, String> options = new LinkedHashMap<>();
            json.getAsJsonObject("options").asMap().forEach((name, value) -> {
                boolean isWord =
                        value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
                options.put(name, isWord ? value.getAsString() : value.toString());
            });
            return options;
        }

        GenerationConfig config() {
            // one by one: together a least length above the limit would be refused, where transformers warns
            GenerationConfig config = GenerationConfig.defaults().with(SPECIAL_TOKENS);
            for (Map.Entry<String, String> option : options().entrySet()) {
                config = config.with(Map.ofEntries(option));
            }
            return config;
        }

        FakeModel model() {
            return new FakeModel(
                    json.get("seed").getAsLong(),
                    json.get("vocab").getAsInt(),
                    json.get("eos_bonus").getAsDouble());
        }

        SearchInput input() {
            String document = json.get("document").getAsString();
            return json.get("prompt").isJsonNull()
                    ? SearchInput.encoderDecoder(document, 2, Goldens.ints(json.get("encoder")))
                    : SearchInput.decoderOnly(document, Goldens.ints(json.get("prompt")));
        }

        List<List<Integer>> sequences() {
            return json.getAsJsonArray("sequences").asList().stream()
                    .map(ids -> ids.getAsJsonArray().asList().stream()
                            .map(JsonElement::getAsInt)
                            .toList())
                    .toList();
        }

        List<Double> scores() {
            return json.get("scores").isJsonNull()
                    ? null
                    : json.getAsJsonArray("scores").asList().stream()
                            .map(JsonElement::getAsDouble)
                            .toList();
        }

        @Override
        public String toString() {
            return json.get("options").toString();
        }
    }
}
