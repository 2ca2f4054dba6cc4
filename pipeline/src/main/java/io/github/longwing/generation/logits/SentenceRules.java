package io.github.longwing.generation.logits;

import static io.github.longwing.config.GenerationOption.EOS_TOKEN_ID;
import static io.github.longwing.config.GenerationOption.MAX_SENTENCES;
import static io.github.longwing.config.GenerationOption.SENTENCE_ORDER;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.SentenceOrder;
import java.util.List;

/**
 * When a sequence may have which sentences.
 *
 * @param maxSentences of a sequence
 * @param promptLength tokens that come before the first sentence
 * @param minLength below which no eos stands where a sentence fits, in tokens with the prompt
 * @param maxLength of a sequence, of which the eos is the last token
 */
public record SentenceRules(
        SentenceOrder order,
        int maxSentences,
        int promptLength,
        int minLength,
        int maxLength,
        List<Integer> eosTokenIds) {

    /** The rules that the options ask for. */
    public static SentenceRules of(GenerationConfig config, int promptLength, int maxLength) {
        return new SentenceRules(
                config.get(SENTENCE_ORDER),
                config.get(MAX_SENTENCES).orElse(Integer.MAX_VALUE),
                promptLength,
                config.minSequenceLength(promptLength),
                maxLength,
                config.get(EOS_TOKEN_ID));
    }
}
