package io.github.longwing.task.generate;

import io.github.longwing.task.WindowOptions;
import io.github.longwing.tokenizer.Newlines;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;

/**
 * How prompts are continued.
 *
 * @param generation overrides of the model's own generation settings, by transformers' names
 * @param maxPromptTokens longer prompts lose their beginning; {@link WindowOptions#ALL_POSITIONS} for what the model's
 *     positions leave room for
 */
public record GeneratorOptions(Map<String, String> generation, int maxPromptTokens, Newlines newlines)
        implements Serializable {

    /** As much of a prompt as the model has room for. */
    public static GeneratorOptions of(Map<String, String> generation) {
        return new GeneratorOptions(generation, WindowOptions.ALL_POSITIONS, Newlines.NEWLINE);
    }

    public GeneratorOptions {
        generation = Map.copyOf(generation);
        Objects.requireNonNull(newlines, "newlines");
        if (maxPromptTokens < 0) {
            throw new IllegalArgumentException(
                    "maxPromptTokens is " + maxPromptTokens + ", expected 0 for the model's positions, or more");
        }
    }
}
