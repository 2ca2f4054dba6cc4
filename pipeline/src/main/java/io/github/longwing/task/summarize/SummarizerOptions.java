package io.github.longwing.task.summarize;

import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.tokenizer.Newlines;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;

/**
 * How documents are summarized.
 *
 * @param generation overrides of the model's own generation settings, by transformers' names
 * @param evidence passages to name, 0 for none
 */
public record SummarizerOptions(Map<String, String> generation, WindowOptions reading, Newlines newlines, int evidence)
        implements Serializable {
    public SummarizerOptions {
        generation = Map.copyOf(generation);
        Objects.requireNonNull(reading, "reading");
        Objects.requireNonNull(newlines, "newlines");
        if (evidence < 0) {
            throw new IllegalArgumentException("evidence is " + evidence + ", expected at least 0");
        }
    }

    /** Documents of any length, in levels; no evidence. */
    public static SummarizerOptions of(Map<String, String> generation) {
        return new SummarizerOptions(generation, WindowOptions.of(LongDocuments.HIERARCHICAL), Newlines.NEWLINE, 0);
    }
}
