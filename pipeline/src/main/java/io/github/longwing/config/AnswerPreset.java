package io.github.longwing.config;

import io.github.longwing.io.JsonFields;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What a model for question answering says of its answers in generation_config.json. transformers leaves these to the
 * caller; a threshold, though, belongs to the logits of one model.
 *
 * @param maxAnswerTokens the longest answer, in tokens
 * @param noAnswerThreshold there is no answer where the no-answer score exceeds the best score by more than this
 */
public record AnswerPreset(Optional<Integer> maxAnswerTokens, Optional<Double> noAnswerThreshold) {
    private static final String MAX_ANSWER_LENGTH = "max_answer_length";
    private static final String NO_ANSWER_THRESHOLD = "no_answer_threshold";

    static final Set<String> NAMES = Set.of(MAX_ANSWER_LENGTH, NO_ANSWER_THRESHOLD);

    /**
     * Reads generation_config.json of a model directory; all is empty where there is no such file.
     *
     * @throws io.github.longwing.error.UserException if a value is of another type or out of range
     */
    public static AnswerPreset read(Path modelDirectory) {
        return GenerationConfigFiles.own(modelDirectory)
                .map(AnswerPreset::read)
                .orElseGet(() -> new AnswerPreset(Optional.empty(), Optional.empty()));
    }

    private static AnswerPreset read(JsonFields json) {
        Optional<Integer> longest = json.findInt(MAX_ANSWER_LENGTH);
        if (longest.filter(tokens -> tokens < 1).isPresent()) {
            throw json.unexpected(MAX_ANSWER_LENGTH, longest.get(), "a whole number from 1 up");
        }
        return new AnswerPreset(longest, json.findDouble(NO_ANSWER_THRESHOLD));
    }
}
