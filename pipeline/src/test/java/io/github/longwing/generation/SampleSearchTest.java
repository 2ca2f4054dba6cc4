package io.github.longwing.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.logits.LogitsProcessor;
import io.github.longwing.generation.logits.Ranking;
import io.github.longwing.generation.logits.SearchInput;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Greedy search and sampling. */
class SampleSearchTest {
    private static final int EOS = 1;
    private static final GenerationConfig BASE = GenerationConfig.defaults()
            .with(Map.of("pad_token_id", "0", "eos_token_id", "1", "decoder_start_token_id", "2", "max_length", "14"));
    private static final SearchInput INPUT = SearchInput.encoderDecoder("a", 2, new int[] {3, 1});

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void greedySearchTakesTheHighestLogitUntilTheEosOrTheLimit(long seed) {
        FakeModel model = FakeModel.of(seed, 12);
        List<Integer> expected = new ArrayList<>(List.of(2));
        do {
            float[] scores = model.logits(expected);
            int best = 0;
            for (int token = 1; token < scores.length; token++) {
                best = scores[token] > scores[best] ? token : best;
            }
            expected.add(best);
        } while (expected.size() < 14 && expected.get(expected.size() - 1) != EOS);

        GeneratedSequence found = model.generate(BASE, INPUT).get(0);

        assertThat(found.ids()).isEqualTo(expected);
        assertThat(found.score()).isEmpty();
        assertThat(found.finishReason())
                .isEqualTo(expected.get(expected.size() - 1) == EOS ? FinishReason.EOS : FinishReason.LENGTH);
    }

    @Test
    void greedySearchTakesTheFirstOfEqualScores() {
        SearchStrategy search = start(Map.of("max_length", "2"));

        search.advance(new StepOutput(FloatBuffer.wrap(new float[] {0, 0, 3, 3, 0, 3}), 0, 6));

        assertThat(search.sequences().get(0).ids()).containsExactly(2, 2);
    }

    @Test
    void aRowThatHasEndedFeedsThePadAndIsNotLookedAtAgain() {
        SearchStrategy search = start(Map.of("do_sample", "true", "num_return_sequences", "2", "top_k", "1"));

        search.advance(new StepOutput(FloatBuffer.wrap(new float[] {0, 9, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0}), 0, 6));
        assertThat(search.rows()).isEqualTo(2);
        assertThat(search.tokens()).containsExactly(0, 3);
        assertThat(search.parents()).containsExactly(0, 1);

        float[] ended = new float[6];
        Arrays.fill(ended, Float.NaN);
        FloatBuffer scores = FloatBuffer.allocate(12).put(ended).put(new float[] {0, 9, 0, 0, 0, 0});
        search.advance(new StepOutput(scores, 0, 6));

        assertThat(search.isFinished()).isTrue();
        assertThat(search.sequences())
                .extracting(GeneratedSequence::ids)
                .containsExactly(List.of(2, 1), List.of(2, 3, 1));
    }

    @Test
    void samplingRefusesToDrawWhereEveryTokenIsBanned() {
        SearchStrategy search = start(Map.of("do_sample", "true", "suppress_tokens", "0,1,2,3,4,5"));

        assertThatThrownBy(() -> search.advance(new StepOutput(FloatBuffer.allocate(6), 0, 6)))
                .isInstanceOf(DocumentException.class)
                .hasMessage("Cannot draw new token 1: the options ban every token, expected at least one to be left;"
                        + " ban fewer");
    }

    @Test
    void sameSeedAndDocumentGiveTheSameDrawsAndOthersGiveOthers() {
        GenerationConfig config = BASE.with(Map.of("do_sample", "true", "seed", "5"));
        FakeModel model = FakeModel.of(9, 40);
        List<GeneratedSequence> once = model.generate(config, INPUT);

        assertThat(model.generate(config, INPUT)).isEqualTo(once);
        assertThat(model.generate(config.with(Map.of("seed", "6")), INPUT)).isNotEqualTo(once);
        assertThat(model.generate(config, SearchInput.encoderDecoder("b", 2, new int[] {3, 1})))
                .isNotEqualTo(once);
    }

    @Test
    void theTextsOfOneDocumentAreDrawnIndependently() {
        GenerationConfig config = BASE.with(Map.of("do_sample", "true", "num_return_sequences", "6", "top_k", "0"));

        assertThat(FakeModel.of(9, 40).generate(config, INPUT))
                .extracting(GeneratedSequence::ids)
                .doesNotHaveDuplicates();
    }

    @Test
    void drawsTokensAsOftenAsTheirProbabilitiesSay() {
        int draws = 20_000;
        float[] scores = {(float) Math.log(0.5), (float) Math.log(0.3), LogitsProcessor.BANNED, (float) Math.log(0.2)};
        int[] counts = new int[4];
        TokenChoice choice = new TokenChoice.Drawn(new RandomStream(1, "x"));
        for (int i = 0; i < draws; i++) {
            counts[choice.choose(i % 7, i, scores.clone())]++;
        }

        // 4 standard deviations are 0.014
        assertThat(counts[0] / (double) draws).isCloseTo(0.5, within(0.014));
        assertThat(counts[1] / (double) draws).isCloseTo(0.3, within(0.014));
        assertThat(counts[2]).isZero();
        assertThat(counts[3] / (double) draws).isCloseTo(0.2, within(0.014));
    }

    @Test
    void drawsContinuationsWithoutReplacementAsOftenAsTheirProbabilitiesSay() {
        int draws = 20_000;
        float[] scores = {(float) Math.log(0.5), (float) Math.log(0.3), (float) Math.log(0.2), LogitsProcessor.BANNED};
        ContinuationRule rule = new ContinuationRule.Drawn(new RandomStream(1, "x"));
        int[][] counts = new int[4][4];
        Ranking ranking = new Ranking(2);
        for (int i = 0; i < draws; i++) {
            ranking.clear();
            rule.rank(0, i, scores, -3, ranking);
            counts[ranking.entry(0)][ranking.entry(1)]++;
        }

        double[] p = {0.5, 0.3, 0.2};
        for (int first = 0; first < 3; first++) {
            for (int second = 0; second < 3; second++) {
                double expected = first == second ? 0 : p[first] * p[second] / (1 - p[first]);
                assertThat(counts[first][second] / (double) draws).isCloseTo(expected, within(0.014));
            }
        }
    }

    private static SearchStrategy start(Map<String, String> options) {
        return new SearchFactory(BASE.with(options), FakeModel.of(0, 6).config(64)).start(INPUT);
    }
}
