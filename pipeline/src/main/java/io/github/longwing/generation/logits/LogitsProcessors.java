package io.github.longwing.generation.logits;

import static io.github.longwing.config.GenerationOption.BAD_WORDS_IDS;
import static io.github.longwing.config.GenerationOption.BEGIN_SUPPRESS_TOKENS;
import static io.github.longwing.config.GenerationOption.DO_SAMPLE;
import static io.github.longwing.config.GenerationOption.ENCODER_NO_REPEAT_NGRAM_SIZE;
import static io.github.longwing.config.GenerationOption.ENCODER_REPETITION_PENALTY;
import static io.github.longwing.config.GenerationOption.EOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.EPSILON_CUTOFF;
import static io.github.longwing.config.GenerationOption.ETA_CUTOFF;
import static io.github.longwing.config.GenerationOption.EXPONENTIAL_DECAY_LENGTH_PENALTY;
import static io.github.longwing.config.GenerationOption.FORCED_BOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.FORCED_EOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.MIN_P;
import static io.github.longwing.config.GenerationOption.NO_REPEAT_NGRAM_SIZE;
import static io.github.longwing.config.GenerationOption.NUM_BEAMS;
import static io.github.longwing.config.GenerationOption.RENORMALIZE_LOGITS;
import static io.github.longwing.config.GenerationOption.REPETITION_PENALTY;
import static io.github.longwing.config.GenerationOption.SEQUENCE_BIAS;
import static io.github.longwing.config.GenerationOption.SUPPRESS_TOKENS;
import static io.github.longwing.config.GenerationOption.TEMPERATURE;
import static io.github.longwing.config.GenerationOption.TOP_H;
import static io.github.longwing.config.GenerationOption.TOP_K;
import static io.github.longwing.config.GenerationOption.TOP_P;
import static io.github.longwing.config.GenerationOption.TYPICAL_P;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.generation.logits.NoRepeatNgram.EncoderNoRepeatNgram;
import io.github.longwing.generation.logits.ProbabilityCutoffs.EpsilonCutoff;
import io.github.longwing.generation.logits.ProbabilityCutoffs.EtaCutoff;
import io.github.longwing.generation.logits.ProbabilityCutoffs.MinP;
import io.github.longwing.generation.logits.RepetitionPenalty.EncoderRepetitionPenalty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Builds the processors that the options of a document ask for, and has the small ones of them. */
public final class LogitsProcessors {
    private LogitsProcessors() {}

    /** In the order of transformers' {@code _get_logits_processor}, since processors do not commute. */
    public static List<LogitsProcessor> of(GenerationConfig config, SearchInput input, int maxLength) {
        int promptLength = input.prompt().length;
        List<Integer> eos = config.get(EOS_TOKEN_ID);
        List<LogitsProcessor> processors = new ArrayList<>();
        if (!config.get(SEQUENCE_BIAS).isEmpty()) {
            processors.add(SequenceBiases.of(config.get(SEQUENCE_BIAS)));
        }
        if (config.get(ENCODER_REPETITION_PENALTY) != 1) {
            processors.add(EncoderRepetitionPenalty.of(config.get(ENCODER_REPETITION_PENALTY), input.source()));
        }
        if (config.get(REPETITION_PENALTY) != 1) {
            processors.add(new RepetitionPenalty(config.get(REPETITION_PENALTY).floatValue()));
        }
        if (config.get(NO_REPEAT_NGRAM_SIZE) > 0) {
            processors.add(new NoRepeatNgram(config.get(NO_REPEAT_NGRAM_SIZE)));
        }
        if (config.get(ENCODER_NO_REPEAT_NGRAM_SIZE) > 0) {
            processors.add(new EncoderNoRepeatNgram(config.get(ENCODER_NO_REPEAT_NGRAM_SIZE), input.source()));
        }
        if (!config.get(BAD_WORDS_IDS).isEmpty()) {
            processors.add(SequenceBiases.banning(config.get(BAD_WORDS_IDS), eos));
        }
        int minSequenceLength = config.minSequenceLength(promptLength);
        Optional<SentenceRules> held = input.sentences().map(s -> SentenceRules.of(config, promptLength, maxLength));
        if (held.isPresent()) {
            processors.add(new WholeSentences(input.sentences().orElseThrow(), held.orElseThrow()));
        } else if (minSequenceLength > promptLength && !eos.isEmpty()) {
            processors.add(new MinLength(minSequenceLength, eos));
        }
        config.get(FORCED_BOS_TOKEN_ID).ifPresent(bos -> processors.add(new ForcedTokens(1, List.of(bos))));
        if (!config.get(FORCED_EOS_TOKEN_ID).isEmpty()) {
            processors.add(new ForcedTokens(maxLength - 1, config.get(FORCED_EOS_TOKEN_ID)));
        }
        config.get(EXPONENTIAL_DECAY_LENGTH_PENALTY)
                .ifPresent(decay ->
                        processors.add(new DecayPenalty(promptLength + decay.startIndex(), decay.factor(), eos)));
        if (!config.get(SUPPRESS_TOKENS).isEmpty()) {
            processors.add(new SuppressedTokens(config.get(SUPPRESS_TOKENS)));
        }
        if (!config.get(BEGIN_SUPPRESS_TOKENS).isEmpty()) {
            boolean bosComesFirst =
                    promptLength == 1 && config.get(FORCED_BOS_TOKEN_ID).isPresent();
            int begin = bosComesFirst ? promptLength + 1 : promptLength;
            processors.add(new BeginSuppressedTokens(begin, config.get(BEGIN_SUPPRESS_TOKENS)));
        }
        Optional<SentencePrior> prior = input.sentences()
                .filter(SentenceTrie::hasScores)
                .map(sentences -> SentencePrior.of(sentences, held.orElseThrow()));
        if (config.get(DO_SAMPLE)) {
            prior.ifPresent(processors::add); // draws are of the model's and the prior's scores together
            addWarpers(processors, config);
        }
        if (config.get(RENORMALIZE_LOGITS)) {
            processors.add(new Normalization());
        }
        if (!config.get(DO_SAMPLE)) {
            prior.ifPresent(processors::add);
        }
        return List.copyOf(processors);
    }

    /** Processors of sampling alone. Beam sampling keeps one token more than can end a sequence. */
    private static void addWarpers(List<LogitsProcessor> processors, GenerationConfig config) {
        int minTokens = config.get(NUM_BEAMS) > 1 ? config.candidatesPerBeam() : 1;
        if (config.get(TEMPERATURE) != 1) {
            processors.add(new Temperature(config.get(TEMPERATURE).floatValue()));
        }
        config.get(TOP_H).ifPresent(share -> processors.add(new TopH(share)));
        if (config.get(TOP_K) > 0) {
            processors.add(new TopK(Math.max(config.get(TOP_K), minTokens)));
        }
        if (config.get(TOP_P) < 1) {
            processors.add(new TopP(config.get(TOP_P), minTokens));
        }
        config.get(MIN_P).ifPresent(share -> processors.add(new MinP((float) share, minTokens)));
        if (config.get(TYPICAL_P) < 1) {
            processors.add(new TypicalP(config.get(TYPICAL_P).floatValue(), minTokens));
        }
        if (config.get(EPSILON_CUTOFF) > 0) {
            processors.add(new EpsilonCutoff(config.get(EPSILON_CUTOFF).floatValue(), minTokens));
        }
        if (config.get(ETA_CUTOFF) > 0) {
            processors.add(new EtaCutoff(config.get(ETA_CUTOFF).floatValue(), minTokens));
        }
    }

    /** Bans the eos until the sequence, with its prompt, has a length. */
    record MinLength(int minLength, List<Integer> eosTokenIds) implements LogitsProcessor {

        @Override
        public void process(int[] ids, int length, float[] scores) {
            if (length < minLength) {
                eosTokenIds.forEach(token -> scores[token] = BANNED);
            }
        }
    }

    /** Bans all but some tokens, which get the score 0, at exactly one length of the sequence. */
    record ForcedTokens(int atLength, List<Integer> tokenIds) implements LogitsProcessor {

        @Override
        public void process(int[] ids, int length, float[] scores) {
            if (length == atLength) {
                Arrays.fill(scores, BANNED);
                tokenIds.forEach(token -> scores[token] = 0);
            }
        }
    }

    /** Raises the score of the eos exponentially with each token after a length. */
    record DecayPenalty(int startLength, double factor, List<Integer> eosTokenIds) implements LogitsProcessor {

        @Override
        public void process(int[] ids, int length, float[] scores) {
            if (length <= startLength) {
                return;
            }
            float growth = (float) (Math.pow(factor, length - startLength) - 1);
            eosTokenIds.stream()
                    .distinct()
                    .filter(token -> Float.isFinite(scores[token]))
                    .forEach(token -> scores[token] += Math.abs(scores[token]) * growth);
        }
    }

    /** Bans tokens everywhere. */
    record SuppressedTokens(List<Integer> tokenIds) implements LogitsProcessor {

        @Override
        public void process(int[] ids, int length, float[] scores) {
            tokenIds.forEach(token -> scores[token] = BANNED);
        }
    }

    /** Bans tokens at the first position that is not forced. */
    record BeginSuppressedTokens(int atLength, List<Integer> tokenIds) implements LogitsProcessor {

        @Override
        public void process(int[] ids, int length, float[] scores) {
            if (length == atLength) {
                tokenIds.forEach(token -> scores[token] = BANNED);
            }
        }
    }

    /**
     * Flattens the distribution above 1, sharpens it below.
     *
     * @param temperature above 0
     */
    record Temperature(float temperature) implements LogitsProcessor {

        @Override
        public void process(int[] ids, int length, float[] scores) {
            for (int token = 0; token < scores.length; token++) {
                scores[token] /= temperature;
            }
        }
    }

    /** Normalizes the processed scores to log-probabilities. */
    record Normalization() implements LogitsProcessor {

        @Override
        public void process(int[] ids, int length, float[] scores) {
            Softmax.toLogProbabilities(scores);
        }
    }
}
