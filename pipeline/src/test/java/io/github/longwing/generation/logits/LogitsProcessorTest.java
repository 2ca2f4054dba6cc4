package io.github.longwing.generation.logits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.SequenceBias;
import io.github.longwing.generation.logits.LogitsProcessors.BeginSuppressedTokens;
import io.github.longwing.generation.logits.LogitsProcessors.DecayPenalty;
import io.github.longwing.generation.logits.LogitsProcessors.ForcedTokens;
import io.github.longwing.generation.logits.LogitsProcessors.MinLength;
import io.github.longwing.generation.logits.LogitsProcessors.Normalization;
import io.github.longwing.generation.logits.LogitsProcessors.SuppressedTokens;
import io.github.longwing.generation.logits.LogitsProcessors.Temperature;
import io.github.longwing.generation.logits.NoRepeatNgram.EncoderNoRepeatNgram;
import io.github.longwing.generation.logits.ProbabilityCutoffs.EpsilonCutoff;
import io.github.longwing.generation.logits.ProbabilityCutoffs.EtaCutoff;
import io.github.longwing.generation.logits.ProbabilityCutoffs.MinP;
import io.github.longwing.generation.logits.RepetitionPenalty.EncoderRepetitionPenalty;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Each processor on a handful of scores. */
class LogitsProcessorTest {
    private static final float BANNED = LogitsProcessor.BANNED;
    private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);

    @Test
    void repetitionPenaltyDividesPositiveAndMultipliesNegativeScoresOncePerToken() {
        assertThat(after(new RepetitionPenalty(2), ids(0, 1, 0), 4, -4, 1, BANNED))
                .containsExactly(2, -8, 1, BANNED);
    }

    @Test
    void encoderRepetitionPenaltyFavoursTheTokensOfTheDocumentOncePerToken() {
        assertThat(after(EncoderRepetitionPenalty.of(2, ids(0, 1, 0)), ids(3), 4, -4, 1, 1))
                .containsExactly(8, -2, 1, 1);
    }

    @Test
    void noRepeatNgramBansTheTokenAfterAnEarlierOccurrenceOfTheLastTokens() {
        assertThat(after(new NoRepeatNgram(3), ids(0, 1, 2, 0, 1), 1, 1, 1, 1)).containsExactly(1, 1, BANNED, 1);
    }

    @Test
    void noRepeatNgramOfOneBansEveryTokenOfTheSequence() {
        assertThat(after(new NoRepeatNgram(1), ids(0, 2), 1, 1, 1, 1)).containsExactly(BANNED, 1, BANNED, 1);
    }

    @Test
    void noRepeatNgramBansNothingWhileTheSequenceIsShorterThanTheNgram() {
        assertThat(after(new NoRepeatNgram(3), ids(0, 0), 1, 1)).containsExactly(1, 1);
        assertThat(after(new NoRepeatNgram(3), ids(0, 0, 0), 1, 1)).containsExactly(BANNED, 1);
        assertThat(after(new NoRepeatNgram(5), ids(0), 1, 1)).containsExactly(1, 1);
    }

    @Test
    void encoderNoRepeatNgramBansWhatWouldCompleteAnNgramOfTheDocument() {
        LogitsProcessor pairs = new EncoderNoRepeatNgram(2, ids(0, 1, 0, 2));

        assertThat(after(pairs, ids(3, 0), 1, 1, 1, 1)).containsExactly(1, BANNED, BANNED, 1);
        assertThat(after(pairs, ids(3), 1, 1, 1, 1)).containsExactly(1, 1, 1, 1);
    }

    @Test
    void encoderNoRepeatNgramOfOneBansEveryTokenOfTheDocument() {
        assertThat(after(new EncoderNoRepeatNgram(1, ids(1, 2)), ids(3), 1, 1, 1, 1))
                .containsExactly(1, BANNED, BANNED, 1);
    }

    @Test
    void badWordsOfOneTokenAreAlwaysBanned() {
        assertThat(after(SequenceBiases.banning(List.of(List.of(2)), List.of(1)), ids(0), 1, 1, 1))
                .containsExactly(1, 1, BANNED);
    }

    @Test
    void badWordsOfSeveralTokensLoseTheirLastTokenAfterTheOthers() {
        LogitsProcessor badWords = SequenceBiases.banning(List.of(List.of(0, 2), List.of(1, 0, 3)), List.of());

        assertThat(after(badWords, ids(0), 1, 1, 1, 1)).containsExactly(1, 1, BANNED, 1);
        assertThat(after(badWords, ids(1, 0), 1, 1, 1, 1)).containsExactly(1, 1, BANNED, BANNED);
        assertThat(after(badWords, ids(0, 1), 1, 1, 1, 1)).containsExactly(1, 1, 1, 1);
    }

    @Test
    void badWordsNeverBanTheEosByItself() {
        assertThat(after(SequenceBiases.banning(List.of(List.of(1), List.of(0, 1)), List.of(1)), ids(2), 1, 1, 1))
                .containsExactly(1, 1, 1);
        assertThat(after(SequenceBiases.banning(List.of(List.of(1), List.of(0, 1)), List.of(1)), ids(0), 1, 1, 1))
                .containsExactly(1, BANNED, 1);
    }

    @Test
    void sequenceBiasesOfOneTokenAddUpAndTheLastOfEqualSequencesHolds() {
        LogitsProcessor biases = SequenceBiases.of(List.of(
                new SequenceBias(List.of(1), 5), new SequenceBias(List.of(0, 1), 2), new SequenceBias(List.of(1), -1)));

        assertThat(after(biases, ids(0), 0, 0, 0)).containsExactly(0, 1, 0);
        assertThat(after(biases, ids(2), 0, 0, 0)).containsExactly(0, -1, 0);
    }

    @Test
    void minLengthBansEveryEosBelowTheLength() {
        assertThat(after(new MinLength(3, List.of(1, 2)), ids(0, 0), 1, 1, 1)).containsExactly(1, BANNED, BANNED);
        assertThat(after(new MinLength(3, List.of(1, 2)), ids(0, 0, 0), 1, 1, 1))
                .containsExactly(1, 1, 1);
    }

    @Test
    void forcedTokensLeaveNothingElseAtTheirLength() {
        assertThat(after(new ForcedTokens(2, List.of(0, 2)), ids(1, 1), 5, 5, 5, 5))
                .containsExactly(0, BANNED, 0, BANNED);
        assertThat(after(new ForcedTokens(2, List.of(0, 2)), ids(1), 5, 5, 5, 5))
                .containsExactly(5, 5, 5, 5);
    }

    @Test
    void decayRaisesTheEosByAGrowingShareOfItsSize() {
        LogitsProcessor decay = new DecayPenalty(2, 1.5, List.of(1));

        assertThat(after(decay, ids(0, 0), 1, -4, 1)).containsExactly(1, -4, 1);
        assertThat(after(decay, ids(0, 0, 0), 1, -4, 1)).containsExactly(1, -2, 1);
        assertThat(after(decay, ids(0, 0, 0, 0), 1, -4, 1)).containsExactly(1, 1, 1);
        assertThat(after(decay, ids(0, 0, 0), 1, BANNED, 1)).containsExactly(1, BANNED, 1);
    }

    @Test
    void suppressedTokensAreBannedEverywhereAndThoseOfTheBeginningAtOnePlace() {
        assertThat(after(new SuppressedTokens(List.of(0, 2)), ids(1, 1), 1, 1, 1))
                .containsExactly(BANNED, 1, BANNED);
        assertThat(after(new BeginSuppressedTokens(1, List.of(0)), ids(1), 1, 1, 1))
                .containsExactly(BANNED, 1, 1);
        assertThat(after(new BeginSuppressedTokens(1, List.of(0)), ids(1, 1), 1, 1, 1))
                .containsExactly(1, 1, 1);
    }

    @Test
    void temperatureDividesTheScores() {
        assertThat(after(new Temperature(2), ids(0), 4, -1, BANNED)).containsExactly(2, -0.5f, BANNED);
    }

    @Test
    void topKKeepsTheHighestAndWhatEqualsTheLastOfThem() {
        assertThat(after(new TopK(2), ids(0), 1, 3, 2, 2, 0)).containsExactly(BANNED, 3, 2, 2, BANNED);
        assertThat(after(new TopK(9), ids(0), 1, 3)).containsExactly(1, 3);
        assertThat(after(new TopK(3), ids(0), 1, BANNED, BANNED, BANNED)).containsExactly(1, BANNED, BANNED, BANNED);
    }

    @Test
    void topPKeepsTheLikeliestThatTogetherHaveTheProbability() {
        assertThat(after(new TopP(0.75, 1), ids(0), log(0.5, 0.3, 0.15, 0.05)))
                .containsExactly(log(0.5, 0.3, 0, 0), ROUNDING);
        assertThat(after(new TopP(0.85, 1), ids(0), log(0.5, 0.3, 0.15, 0.05)))
                .containsExactly(log(0.5, 0.3, 0.15, 0), ROUNDING);
        assertThat(after(new TopP(0.1, 2), ids(0), log(0.5, 0.3, 0.15, 0.05)))
                .containsExactly(log(0.5, 0.3, 0, 0), ROUNDING);
    }

    @Test
    void topHKeepsTheLikeliestWithinAShareOfTheEntropy() {
        // of ln 4 in all each of four equals brings a quarter
        assertThat(after(new TopH(0.6), ids(0), 0, 0, 0, 0)).containsExactly(0, 0, BANNED, BANNED);
        assertThat(after(new TopH(0.01), ids(0), 0, 1, 0, 0)).containsExactly(BANNED, 1, BANNED, BANNED);
    }

    @Test
    void minPBansBelowAShareOfTheHighestProbability() {
        assertThat(after(new MinP(0.5f, 1), ids(0), log(0.5, 0.26, 0.24))).containsExactly(log(0.5, 0.26, 0), ROUNDING);
        assertThat(after(new MinP(1, 2), ids(0), log(0.5, 0.26, 0.24))).containsExactly(log(0.5, 0.26, 0), ROUNDING);
    }

    @Test
    void typicalPKeepsWhatIsClosestToTheExpectedInformation() {
        // entropy 0.943 nats; informations 0.51, 1.20, 2.30: the second is closest, then the first
        assertThat(after(new TypicalP(0.2f, 1), ids(0), log(0.6, 0.3, 0.1))).containsExactly(log(0, 0.3, 0), ROUNDING);
        assertThat(after(new TypicalP(0.5f, 1), ids(0), log(0.6, 0.3, 0.1)))
                .containsExactly(log(0.6, 0.3, 0), ROUNDING);
        assertThat(after(new TypicalP(0.95f, 1), ids(0), log(0.6, 0.3, 0.1)))
                .containsExactly(log(0.6, 0.3, 0.1), ROUNDING);
    }

    @Test
    void epsilonCutoffBansBelowAProbabilityButNeverTheLikeliest() {
        assertThat(after(new EpsilonCutoff(0.2f, 1), ids(0), log(0.6, 0.3, 0.1)))
                .containsExactly(log(0.6, 0.3, 0), ROUNDING);
        assertThat(after(new EpsilonCutoff(0.9f, 1), ids(0), log(0.6, 0.3, 0.1)))
                .containsExactly(log(0.6, 0, 0), ROUNDING);
        assertThat(after(new EpsilonCutoff(0.9f, 2), ids(0), log(0.6, 0.3, 0.1)))
                .containsExactly(log(0.6, 0.3, 0), ROUNDING);
    }

    @Test
    void etaCutoffSinksWithTheEntropy() {
        // sqrt(0.5) x exp(-0.898) = 0.288, below 0.5
        assertThat(after(new EtaCutoff(0.5f, 1), ids(0), log(0.6, 0.3, 0.1)))
                .containsExactly(log(0.6, 0.3, 0), ROUNDING);
    }

    @Test
    void normalizationMakesLogProbabilitiesOfWhatIsLeft() {
        assertThat(after(new Normalization(), ids(0), 2, 2, BANNED))
                .containsExactly(new float[] {(float) Math.log(0.5), (float) Math.log(0.5), BANNED}, ROUNDING);
    }

    @Test
    void theyActInTheOrderOfTransformers() {
        GenerationConfig config = GenerationConfig.defaults()
                .with(Map.ofEntries(
                        Map.entry("sequence_bias", "[[[5], 1.0]]"),
                        Map.entry("encoder_repetition_penalty", "2"),
                        Map.entry("repetition_penalty", "2"),
                        Map.entry("no_repeat_ngram_size", "2"),
                        Map.entry("encoder_no_repeat_ngram_size", "2"),
                        Map.entry("bad_words_ids", "[[5]]"),
                        Map.entry("min_length", "3"),
                        Map.entry("forced_bos_token_id", "6"),
                        Map.entry("forced_eos_token_id", "1"),
                        Map.entry("exponential_decay_length_penalty", "[3, 1.1]"),
                        Map.entry("suppress_tokens", "7"),
                        Map.entry("begin_suppress_tokens", "8"),
                        Map.entry("do_sample", "true"),
                        Map.entry("temperature", "2"),
                        Map.entry("top_h", "0.5"),
                        Map.entry("top_p", "0.5"),
                        Map.entry("min_p", "0.5"),
                        Map.entry("typical_p", "0.5"),
                        Map.entry("epsilon_cutoff", "0.5"),
                        Map.entry("eta_cutoff", "0.5"),
                        Map.entry("renormalize_logits", "true"),
                        Map.entry("eos_token_id", "1")));

        List<LogitsProcessor> processors =
                LogitsProcessors.of(config, SearchInput.encoderDecoder("any", 2, ids(5, 1)), 20);

        assertThat(processors)
                .extracting(p -> p.getClass().getSimpleName())
                .containsExactly(
                        "SequenceBiases",
                        "EncoderRepetitionPenalty",
                        "RepetitionPenalty",
                        "NoRepeatNgram",
                        "EncoderNoRepeatNgram",
                        "SequenceBiases",
                        "MinLength",
                        "ForcedTokens",
                        "ForcedTokens",
                        "DecayPenalty",
                        "SuppressedTokens",
                        "BeginSuppressedTokens",
                        "Temperature",
                        "TopH",
                        "TopK",
                        "TopP",
                        "MinP",
                        "TypicalP",
                        "EpsilonCutoff",
                        "EtaCutoff",
                        "Normalization");
    }

    @Test
    void defaultsNeedNone() {
        assertThat(LogitsProcessors.of(GenerationConfig.defaults(), SearchInput.decoderOnly("any", ids(3)), 20))
                .isEmpty();
    }

    private static float[] after(LogitsProcessor processor, int[] ids, float... scores) {
        processor.process(ids, ids.length, scores);
        return scores;
    }

    private static int[] ids(int... ids) {
        return ids;
    }

    /** Log-probabilities; 0 is banned. */
    private static float[] log(double... probabilities) {
        float[] scores = new float[probabilities.length];
        for (int token = 0; token < scores.length; token++) {
            scores[token] = (float) Math.log(probabilities[token]);
        }
        return scores;
    }
}
