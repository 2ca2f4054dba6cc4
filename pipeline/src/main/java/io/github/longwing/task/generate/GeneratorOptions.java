package io.github.longwing.task.generate;

import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.tokenizer.Newlines;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;

/**
 * How prompts are continued.
 *
 * @param generation generation options that differ from the model's
 * @param maxPromptTokens longer prompts lose their beginning; {@link WindowOptions#ALL_POSITIONS} for what the model's
 *     positions leave room for
 */
public record GeneratorOptions(GenerationOverrides generation, int maxPromptTokens, Newlines newlines)
        implements Serializable {

    /**
     * As much of a prompt as the model has room for.
     *
     * @param generation as {@link GenerationOverrides#parse} takes them
     */
    public static GeneratorOptions of(Map<String, String> generation) {
        return new GeneratorOptions(
                GenerationOverrides.parse(generation), WindowOptions.ALL_POSITIONS, Newlines.NEWLINE);
    }

    public GeneratorOptions {
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(newlines, "newlines");
        if (maxPromptTokens < 0) {
            throw new IllegalArgumentException(
                    "maxPromptTokens is " + maxPromptTokens + ", expected 0 for the model's positions, or more");
        }
    }
}
