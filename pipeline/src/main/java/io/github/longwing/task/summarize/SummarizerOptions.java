package io.github.longwing.task.summarize;

import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.tokenizer.Newlines;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;

/**
 * How documents are summarized.
 *
 * @param generation generation options that differ from the model's
 * @param evidence passages to name, 0 for none
 */
public record SummarizerOptions(GenerationOverrides generation, WindowOptions reading, Newlines newlines, int evidence)
        implements Serializable {
    public SummarizerOptions {
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(reading, "reading");
        Objects.requireNonNull(newlines, "newlines");
        if (evidence < 0) {
            throw new IllegalArgumentException("evidence is " + evidence + ", expected at least 0");
        }
    }

    /**
     * Documents of any length, in levels; no evidence.
     *
     * @param generation as {@link GenerationOverrides#parse} takes them
     */
    public static SummarizerOptions of(Map<String, String> generation) {
        return new SummarizerOptions(
                GenerationOverrides.parse(generation),
                WindowOptions.of(LongDocuments.HIERARCHICAL),
                Newlines.NEWLINE,
                0);
    }
}
