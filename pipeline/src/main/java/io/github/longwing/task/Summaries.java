package io.github.longwing.task;

import java.util.List;

/**
 * The summaries of one document, best first: one, or as many as {@code num_return_sequences} asks for.
 *
 * @param texts never empty
 */
public record Summaries(List<GeneratedText> texts) {
    public Summaries {
        texts = List.copyOf(texts);
    }

    public GeneratedText best() {
        return texts.get(0);
    }
}
