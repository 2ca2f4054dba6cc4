package io.github.longwing.task;

import java.util.List;

/**
 * The continuations of one prompt, best first: one, or as many as {@code num_return_sequences} asks for.
 *
 * @param texts never empty; without the prompt
 */
public record GeneratedTexts(List<GeneratedText> texts) {
    public GeneratedTexts {
        texts = List.copyOf(texts);
    }

    public GeneratedText best() {
        return texts.get(0);
    }
}
