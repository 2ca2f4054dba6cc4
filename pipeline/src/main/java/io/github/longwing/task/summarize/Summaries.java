package io.github.longwing.task.summarize;

import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.Passage;
import java.util.List;
import java.util.Optional;

/**
 * The summaries of one document, best first: one, or as many as {@code num_return_sequences} asks for.
 *
 * @param texts never empty
 * @param levels how often text was summarized: 1 for the document alone, 2 where the summaries of its windows were
 *     summarized again, and so on
 * @param sentences of the document that the best summary consists of, in its order; empty where it was written freely
 * @param evidence the passages that the best summary attended to, most first; empty unless asked for
 */
public record Summaries(
        List<GeneratedText> texts, int levels, Optional<List<ExtractedSentence>> sentences, List<Passage> evidence) {
    public Summaries {
        texts = List.copyOf(texts);
        sentences = sentences.map(List::copyOf);
        evidence = List.copyOf(evidence);
    }

    /** Summaries that were written freely. */
    public Summaries(List<GeneratedText> texts, int levels, List<Passage> evidence) {
        this(texts, levels, Optional.empty(), evidence);
    }

    public GeneratedText best() {
        return texts.get(0);
    }
}
