package io.github.longwing.generation.logits;

import io.github.longwing.config.GenerationConfig;
import java.util.ArrayList;
import java.util.List;

/** Which processors the options ask for. */
public final class LogitsProcessors {
    private LogitsProcessors() {}

    /** In the order of transformers' {@code _get_logits_processor}: what one bans, the next may weigh again. */
    public static List<LogitsProcessor> of(GenerationConfig config, SearchInput input, int maxLength) {
        int promptLength = input.prompt().length;
        List<Integer> eos = config.eosTokenId();
        List<LogitsProcessor> processors = new ArrayList<>();
        if (!config.sequenceBias().isEmpty()) {
            processors.add(SequenceBiases.of(config.sequenceBias()));
        }
        if (config.encoderRepetitionPenalty() != 1) {
            processors.add(EncoderRepetitionPenalty.of(config.encoderRepetitionPenalty(), input.source()));
        }
        if (config.repetitionPenalty() != 1) {
            processors.add(new RepetitionPenalty((float) config.repetitionPenalty()));
        }
        if (config.noRepeatNgramSize() > 0) {
            processors.add(new NoRepeatNgram(config.noRepeatNgramSize()));
        }
        if (config.encoderNoRepeatNgramSize() > 0) {
            processors.add(new EncoderNoRepeatNgram(config.encoderNoRepeatNgramSize(), input.source()));
        }
        if (!config.badWordsIds().isEmpty()) {
            processors.add(SequenceBiases.banning(config.badWordsIds(), eos));
        }
        int leastLength = config.leastLength(promptLength);
        if (leastLength > promptLength && !eos.isEmpty()) {
            processors.add(new MinLength(leastLength, eos));
        }
        config.forcedBosTokenId().ifPresent(bos -> processors.add(new ForcedTokens(1, List.of(bos))));
        if (!config.forcedEosTokenId().isEmpty()) {
            processors.add(new ForcedTokens(maxLength - 1, config.forcedEosTokenId()));
        }
        config.exponentialDecayLengthPenalty()
                .ifPresent(decay ->
                        processors.add(new DecayPenalty(promptLength + decay.startIndex(), decay.factor(), eos)));
        if (!config.suppressTokens().isEmpty()) {
            processors.add(new SuppressedTokens(config.suppressTokens()));
        }
        if (!config.beginSuppressTokens().isEmpty()) {
            boolean bosComesFirst =
                    promptLength == 1 && config.forcedBosTokenId().isPresent();
            int begin = bosComesFirst ? promptLength + 1 : promptLength;
            processors.add(new BeginSuppressedTokens(begin, config.beginSuppressTokens()));
        }
        if (config.doSample()) {
            addWarpers(processors, config);
        }
        if (config.renormalizeLogits()) {
            processors.add(new Normalization());
        }
        return List.copyOf(processors);
    }

    /** What shapes the distribution of the draws. Beam sampling keeps one token more than can end a sequence. */
    private static void addWarpers(List<LogitsProcessor> processors, GenerationConfig config) {
        int atLeast = config.numBeams() > 1 ? config.candidatesPerBeam() : 1;
        if (config.temperature() != 1) {
            processors.add(new Temperature((float) config.temperature()));
        }
        config.topH().ifPresent(share -> processors.add(new TopH(share)));
        if (config.topK() > 0) {
            processors.add(new TopK(Math.max(config.topK(), atLeast)));
        }
        if (config.topP() < 1) {
            processors.add(new TopP(config.topP(), atLeast));
        }
        config.minP().ifPresent(share -> processors.add(new MinP((float) share, atLeast)));
        if (config.typicalP() < 1) {
            processors.add(new TypicalP((float) config.typicalP(), atLeast));
        }
        if (config.epsilonCutoff() > 0) {
            processors.add(new EpsilonCutoff((float) config.epsilonCutoff(), atLeast));
        }
        if (config.etaCutoff() > 0) {
            processors.add(new EtaCutoff((float) config.etaCutoff(), atLeast));
        }
    }
}
