package io.github.longwing.task.summarize;

import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.Passage;
import java.util.List;

/**
 * The summaries of one document, best first: one, or as many as {@code num_return_sequences} asks for.
 *
 * @param texts never empty
 * @param levels how often text was summarized: 1 for the document alone, 2 where the summaries of its windows were
 *     summarized again, and so on
 * @param evidence the passages that the best summary attended to, most first; empty unless asked for
 */
public record Summaries(List<GeneratedText> texts, int levels, List<Passage> evidence) {
    public Summaries {
        texts = List.copyOf(texts);
        evidence = List.copyOf(evidence);
    }

    public GeneratedText best() {
        return texts.get(0);
    }
}
