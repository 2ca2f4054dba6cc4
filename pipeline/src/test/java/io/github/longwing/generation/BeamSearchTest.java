package io.github.longwing.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.logits.SearchInput;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold of beam search whatever the model says, and a few steps by hand. */
class BeamSearchTest {
    private static final int EOS = 1;
    private static final GenerationConfig BASE = GenerationConfig.defaults()
            .with(Map.of("pad_token_id", "0", "eos_token_id", "1", "decoder_start_token_id", "2", "max_length", "14"));

    @Test
    void followsTheBetterSumOfLogProbabilitiesOverTheBetterFirstToken() {
        // 3 is likelier than 4 at first, but only 4 has a likely successor
        SearchStrategy search = start(6, Map.of("num_beams", "2", "max_length", "3"));

        assertThat(search.tokens()).containsExactly(2, 2);
        assertThat(search.parents()).containsExactly(0, 1);
        search.advance(step(6, log(0.01, 0.01, 0.01, 0.5, 0.4, 0.07), log(0.01, 0.01, 0.01, 0.5, 0.4, 0.07)));

        assertThat(search.tokens()).containsExactly(3, 4);
        assertThat(search.parents()).containsExactly(0, 0);
        assertThat(search.isFinished()).isFalse();
        search.advance(step(6, log(0.16, 0.16, 0.17, 0.17, 0.17, 0.17), log(0.02, 0.02, 0.02, 0.02, 0.02, 0.9)));

        assertThat(search.isFinished()).isTrue();
        GeneratedSequence best = search.sequences().get(0);
        assertThat(best.ids()).containsExactly(2, 4, 5);
        assertThat(best.newIds()).containsExactly(4, 5);
        assertThat(best.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(best.score().getAsDouble()).isCloseTo((Math.log(0.4) + Math.log(0.9)) / 2, within(1e-6));
    }

    @Test
    void atFirstOnlyOneOfTheAlikeBeamsGoesOn() {
        SearchStrategy search = start(6, Map.of("num_beams", "3"));

        float[] scores = log(0.05, 0.05, 0.1, 0.5, 0.2, 0.1);
        search.advance(step(6, scores, scores, scores));

        assertThat(search.parents()).containsExactly(0, 0, 0);
        assertThat(search.tokens()).as("of equals the lower token first").containsExactly(3, 4, 2);
    }

    @Test
    void ofEqualSumsTheLowerTokenWins() {
        SearchStrategy search = start(6, Map.of("num_beams", "2", "max_length", "2", "forced_eos_token_id", "4,5"));

        search.advance(step(6, new float[6], new float[6]));

        assertThat(search.sequences().get(0).ids()).containsExactly(2, 4);
    }

    @Test
    void aTokenForcedAtTheLimitCountsAsEos() {
        GenerationConfig config = BASE.with(Map.of(
                "num_beams", "3", "forced_eos_token_id", "5", "eos_token_id", "null", "num_return_sequences", "3"));

        assertThat(FakeModel.of(4, 12).generate(config, input()))
                .allSatisfy(s -> assertThat(s.ids()).hasSize(14).endsWith(5))
                .extracting(GeneratedSequence::finishReason)
                .containsOnly(FinishReason.EOS);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("settings")
    void neverPassesTheLimitAndEndsForTheReasonItNames(long seed, Map<String, String> options) {
        GenerationConfig config = BASE.with(options);
        for (GeneratedSequence sequence : generate(seed, options)) {
            List<Integer> ids = sequence.ids();
            assertThat(ids.get(0)).isEqualTo(2);
            assertThat(ids).hasSizeLessThanOrEqualTo(14);
            assertThat(ids.subList(1, ids.size() - 1)).doesNotContain(EOS);
            if (ids.get(ids.size() - 1) == EOS) {
                assertThat(sequence.finishReason()).isEqualTo(FinishReason.EOS);
                assertThat(ids).hasSizeGreaterThan(Math.min(13, config.minSequenceLength(1)));
            } else {
                assertThat(sequence.finishReason()).isEqualTo(FinishReason.LENGTH);
                assertThat(ids).hasSize(14);
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("settings")
    void returnsDifferentSequencesInDescendingOrderOfTheirScores(long seed, Map<String, String> options) {
        List<GeneratedSequence> found = generate(seed, options);

        assertThat(found).hasSize(Integer.parseInt(options.get("num_return_sequences")));
        assertThat(found).extracting(GeneratedSequence::ids).doesNotHaveDuplicates();
        assertThat(found).extracting(s -> s.score().getAsDouble()).isSortedAccordingTo(Comparator.reverseOrder());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("settings")
    void aScoreIsTheSumOfTheLogProbabilitiesByThePowerOfTheNewTokens(long seed, Map<String, String> options) {
        FakeModel model = FakeModel.of(seed, 12);
        double power = Double.parseDouble(options.getOrDefault("length_penalty", "1"));
        for (GeneratedSequence sequence : generate(seed, options)) {
            double sum = 0;
            for (int i = 1; i < sequence.ids().size(); i++) {
                sum += model.logProbabilities(sequence.ids().subList(0, i))[
                        sequence.ids().get(i)];
            }
            double expected = sum / Math.pow(sequence.newIds().size(), power);
            assertThat(sequence.score().getAsDouble()).isCloseTo(expected, within(1e-4 * Math.abs(expected)));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("settings")
    void neverRepeatsABannedNgram(long seed, Map<String, String> options) {
        for (int size = 1; size <= 3; size++) {
            Map<String, String> banning = new HashMap<>(options);
            banning.put("no_repeat_ngram_size", Integer.toString(size));
            for (GeneratedSequence sequence : generate(seed, banning)) {
                if (sequence.score().getAsDouble() < -1e6) {
                    continue; // every token was banned, and nothing could be said
                }
                Set<List<Integer>> seen = new HashSet<>();
                List<Integer> ids = sequence.ids();
                for (int i = 0; i + size <= ids.size(); i++) {
                    assertThat(seen.add(ids.subList(i, i + size)))
                            .as("%d-gram at %d of %s", size, i, ids)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void aBeamAsWideAsAllSequencesFindsTheBestOfAll() {
        FakeModel model = FakeModel.of(77, 5);
        GenerationConfig config = BASE.with(Map.of(
                "num_beams",
                "64",
                "max_length",
                "4",
                "early_stopping",
                "never",
                "length_penalty",
                "0",
                "eos_token_id",
                "1"));

        double best = model.generate(config, input()).get(0).score().getAsDouble();

        assertThat(best).isCloseTo(bestOfAll(model, List.of(2), 0, 4), within(1e-5));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("settings")
    void doesNotDependOnWhereItsRowsStandAmongOthers(long seed, Map<String, String> options) {
        FakeModel model = FakeModel.of(seed, 12);

        assertThat(model.generate(BASE.with(options), input(), 7)).isEqualTo(generate(seed, options));
    }

    @Test
    void namesTheTokenWhoseScoreIsNotFinite() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            SearchStrategy search = start(6, Map.of("num_beams", "2"));
            float[] scores = log(0.1, 0.1, 0.1, 0.5, 0.1, 0.1);
            search.advance(step(6, scores, scores));
            float[] broken = scores.clone();
            broken[4] = bad;

            assertThatThrownBy(() -> search.advance(step(6, scores, broken)))
                    .hasMessage("Cannot generate token 3 of the sequence: the model's score of token 4 is " + bad
                            + ", expected a finite number")
                    .isInstanceOfSatisfying(DocumentException.class, e -> assertThat(e.kind())
                            .isEqualTo(DocumentException.Kind.NonFiniteOutput));
        }
    }

    @Test
    void survivesOptionsThatBanEveryToken() {
        GenerationConfig config = BASE.with(Map.of("num_beams", "2", "suppress_tokens", "0,1,2,3,4,5"));

        GeneratedSequence nothing = FakeModel.of(1, 6).generate(config, input()).get(0);

        assertThat(nothing.ids()).containsExactly(2);
        assertThat(nothing.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    static Stream<Arguments> settings() {
        Random random = new Random(5);
        return IntStream.range(0, 40).mapToObj(i -> {
            int beams = 2 + random.nextInt(5);
            Map<String, String> options = new HashMap<>();
            options.put("num_beams", Integer.toString(beams));
            options.put("num_return_sequences", Integer.toString(1 + random.nextInt(beams)));
            options.put("early_stopping", List.of("true", "false", "never").get(random.nextInt(3)));
            options.put("length_penalty", List.of("-1", "0", "0.8", "2").get(random.nextInt(4)));
            if (random.nextBoolean()) {
                options.put("min_length", Integer.toString(random.nextInt(20)));
            }
            return Arguments.of(random.nextLong(), options);
        });
    }

    private static List<GeneratedSequence> generate(long seed, Map<String, String> options) {
        return FakeModel.of(seed, 12).generate(BASE.with(options), input());
    }

    private static SearchInput input() {
        return SearchInput.encoderDecoder("a", 2, new int[] {3, 1});
    }

    private static SearchStrategy start(int vocabSize, Map<String, String> options) {
        return new SearchFactory(BASE.with(options), FakeModel.of(0, vocabSize).config(64)).start(input());
    }

    private static StepOutput step(int vocabSize, float[]... rows) {
        FloatBuffer scores = FloatBuffer.allocate(rows.length * vocabSize);
        for (float[] row : rows) {
            scores.put(row);
        }
        return new StepOutput(scores, 0, vocabSize);
    }

    private static float[] log(double... probabilities) {
        float[] scores = new float[probabilities.length];
        for (int token = 0; token < scores.length; token++) {
            scores[token] = (float) Math.log(probabilities[token]);
        }
        return scores;
    }

    private static double bestOfAll(FakeModel model, List<Integer> ids, double sum, int maxLength) {
        if (ids.size() == maxLength || (ids.size() > 1 && ids.get(ids.size() - 1) == EOS)) {
            return sum;
        }
        float[] scores = model.logProbabilities(ids);
        double best = Double.NEGATIVE_INFINITY;
        for (int token = 0; token < scores.length; token++) {
            List<Integer> longer = new ArrayList<>(ids);
            longer.add(token);
            best = Math.max(best, bestOfAll(model, longer, sum + scores[token], maxLength));
        }
        return best;
    }
}
