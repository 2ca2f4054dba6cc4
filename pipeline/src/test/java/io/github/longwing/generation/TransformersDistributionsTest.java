package io.github.longwing.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.generation.logits.LogitsProcessor;
import io.github.longwing.generation.logits.LogitsProcessors;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.generation.logits.Softmax;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The distribution that a token is drawn from, against transformers' processors on the same scores. */
class TransformersDistributionsTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("distributions")
    void leavesTheTokensAndProbabilitiesThatTransformersLeaves(Distribution golden) {
        float[] scores = golden.scores();
        SearchInput input = SearchInput.encoderDecoder("any", 2, new int[] {5, 6, 1});
        int[] ids = Goldens.ints(golden.json().get("ids"));

        for (LogitsProcessor processor : LogitsProcessors.of(golden.config(), input, 20)) {
            processor.process(ids, ids.length, scores);
        }

        int[] kept = IntStream.range(0, scores.length)
                .filter(token -> scores[token] != LogitsProcessor.BANNED)
                .toArray();
        assertThat(kept).containsExactly(Goldens.ints(golden.json().get("kept")));
        Softmax.toProbabilities(scores);
        List<JsonElement> expected =
                golden.json().getAsJsonArray("probabilities").asList();
        for (int i = 0; i < kept.length; i++) {
            assertThat((double) scores[kept[i]]).isCloseTo(expected.get(i).getAsDouble(), within(1e-6));
        }
    }

    @Test
    void theDistributionsCoverEveryWarper() {
        assertThat(distributions().flatMap(d -> d.options().keySet().stream()))
                .contains(
                        "temperature",
                        "top_k",
                        "top_p",
                        "top_h",
                        "min_p",
                        "typical_p",
                        "epsilon_cutoff",
                        "eta_cutoff",
                        "num_beams",
                        "renormalize_logits");
        assertThat(distributions()).hasSizeGreaterThan(80);
    }

    static Stream<Distribution> distributions() {
        return Goldens.read("distributions.json").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(Distribution::new);
    }

    /** What transformers' processors make of one row of scores. */
    record Distribution(JsonObject json) {

        Map<String, String> options() {
            Map<String, String> options = new TreeMap<>();
            json.getAsJsonObject("options").asMap().forEach((name, value) -> options.put(name, value.toString()));
            return options;
        }

        GenerationConfig config() {
            return GenerationConfig.defaults()
                    .with(Map.of("pad_token_id", "0", "eos_token_id", "1", "decoder_start_token_id", "2"))
                    .with(options());
        }

        float[] scores() {
            int[] units = Goldens.ints(json.get("scores"));
            float[] scores = new float[units.length];
            for (int token = 0; token < scores.length; token++) {
                scores[token] = units[token] / 1024f;
            }
            return scores;
        }

        @Override
        public String toString() {
            return json.get("options").toString();
        }
    }
}
