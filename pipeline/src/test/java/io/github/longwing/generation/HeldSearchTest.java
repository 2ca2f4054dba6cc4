package io.github.longwing.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.generation.logits.SentenceTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Searches held to whole sentences, against transformers with the same rules: make_sentences.py. */
class HeldSearchTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void writesTheSequencesAndScoresOfTransformersWithAPrefixFunctionOfTheSameRules(Case held) {
        GeneratedSequence found = held.generate();

        assertThat(found.ids()).isEqualTo(held.sequence());
        if (held.json().get("score").isJsonNull()) {
            assertThat(found.score()).isEmpty();
        } else {
            double wanted = held.json().get("score").getAsDouble();
            assertThat(found.score().getAsDouble()).isCloseTo(wanted, within(1e-5 * Math.max(1, Math.abs(wanted))));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void everySequenceConsistsOfWholeSentencesEachOnceWithinItsLength(Case held) {
        GeneratedSequence found = held.generate();
        List<Integer> written = held.factory().sentences(held.input(), found);

        List<Integer> tokens = new ArrayList<>();
        written.forEach(s -> Arrays.stream(held.sentences().get(s)).forEach(tokens::add));
        tokens.add(1);
        assertThat(found.newIds()).isEqualTo(tokens);
        assertThat(new HashSet<>(written)).hasSameSizeAs(written);
        assertThat(found.ids().size())
                .isLessThanOrEqualTo(held.json().get("max_length").getAsInt());
        assertThat(found.finishReason()).isEqualTo(FinishReason.EOS);
        if (held.json().get("order").getAsString().equals("document")) {
            assertThat(written).isSorted();
        }
    }

    @Test
    void theCasesCoverBothOrdersEverySearchAndThePrior() {
        List<Case> cases = cases().toList();

        assertThat(cases).hasSizeGreaterThanOrEqualTo(300);
        assertThat(cases.stream().filter(c -> c.json().get("prior").getAsDouble() > 0))
                .hasSizeGreaterThan(60);
        assertThat(cases.stream()
                        .filter(c -> c.json().get("order").getAsString().equals("model")))
                .hasSizeGreaterThan(60);
        assertThat(cases.stream().filter(c -> c.json().get("renormalize").getAsBoolean()))
                .hasSizeGreaterThan(100);
        assertThat(cases.stream().filter(c -> c.options().containsKey("do_sample")))
                .hasSizeGreaterThan(30);
        assertThat(cases.stream().filter(c -> c.options().containsKey("num_beams")))
                .hasSizeGreaterThan(100);
        assertThat(cases.stream().filter(c -> c.sequence().size() > 15)).hasSizeGreaterThan(20);
    }

    static Stream<Case> cases() {
        return Goldens.read("sentences.json").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(Case::new);
    }

    record Case(JsonObject json) {

        Map<String, String> options() {
            Map<String, String> options = new HashMap<>();
            json.getAsJsonObject("options")
                    .asMap()
                    .forEach((name, value) -> options.put(name, value.toString().replace("\"", "")));
            return options;
        }

        GenerationConfig config() {
            // one by one: together a least length above the limit would be refused, where transformers warns
            GenerationConfig config = GenerationConfig.defaults()
                    .with(Map.of("pad_token_id", "0", "eos_token_id", "1", "decoder_start_token_id", "2"))
                    .with(options())
                    .with(Map.of("min_length", json.get("min_length").getAsString()))
                    .with(Map.of("max_length", json.get("max_length").getAsString()))
                    .with(Map.of(
                            "extractive", "true",
                            "sentence_order", json.get("order").getAsString(),
                            "renormalize_logits", json.get("renormalize").getAsString()));
            return json.get("max_sentences").isJsonNull()
                    ? config
                    : config.with(
                            Map.of("max_sentences", json.get("max_sentences").getAsString()));
        }

        List<int[]> sentences() {
            return json.getAsJsonArray("sentences").asList().stream()
                    .map(Goldens::ints)
                    .toList();
        }

        SearchInput input() {
            double[] scores = json.getAsJsonArray("scores").asList().stream()
                    .mapToDouble(score -> json.get("prior").getAsDouble() * score.getAsDouble())
                    .toArray();
            return SearchInput.encoderDecoder(json.get("document").getAsString(), 2, new int[] {3, 4, 1})
                    .heldTo(new SentenceTrie(sentences(), scores));
        }

        FakeModel model() {
            return new FakeModel(
                    json.get("seed").getAsLong(),
                    json.get("vocab").getAsInt(),
                    json.get("eos_bonus").getAsDouble());
        }

        SearchFactory factory() {
            return new SearchFactory(config(), model().config(4096));
        }

        GeneratedSequence generate() {
            List<GeneratedSequence> sequences = model().generate(config(), input());
            assertThat(sequences).hasSize(config().get(GenerationOption.NUM_RETURN_SEQUENCES));
            return sequences.get(0);
        }

        List<Integer> sequence() {
            return Arrays.stream(Goldens.ints(json.get("sequence"))).boxed().toList();
        }

        @Override
        public String toString() {
            return json.get("document").getAsString() + " " + json.get("options");
        }
    }
}
