package io.github.longwing.task;

import io.github.longwing.config.AttentionType;

/**
 * The result of one document: an output or an error.
 *
 * @param <T> the output of the task, such as {@code Summaries}
 */
public sealed interface DocumentResult<T> {

    /**
     * The document was read and has an output.
     *
     * @param inputTokens tokens of the whole text with its eos, before truncation
     * @param truncation whether some of the text was not read
     * @param windows how many pieces the document was read in
     */
    record Success<T>(int inputTokens, Truncation truncation, int windows, AttentionType attention, T output)
            implements DocumentResult<T> {}

    /** The document has no output. */
    record Failure<T>(DocumentError error) implements DocumentResult<T> {}

    /** Whether the whole document was read. */
    enum Truncation {
        WHOLE,
        TRUNCATED
    }
}
