package io.github.longwing.spark;

import io.github.longwing.error.UserException;
import io.github.longwing.tokenizer.Newlines;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that a summarization job needs to know; small, since it travels to every task.
 *
 * @param generation settings that override the model's own, under transformers' names, such as {@code num_beams}
 * @param maxSourceTokens longer documents are cut to so many tokens, eos included; null for the model's own limit
 */
public record SummarizeOptions(
        ModelReference model,
        DocumentColumns columns,
        Map<String, String> generation,
        Integer maxSourceTokens,
        Newlines newlines,
        ErrorPolicy onError,
        InputPartitioning partitioning)
        implements Serializable {
    static final String NUM_RETURN_SEQUENCES = "num_return_sequences";

    public SummarizeOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(newlines, "newlines");
        Objects.requireNonNull(onError, "onError");
        Objects.requireNonNull(partitioning, "partitioning");
        generation = Map.copyOf(generation);
        if (maxSourceTokens != null && maxSourceTokens < 1) {
            throw new UserException(
                    "Cannot summarize: max_source_tokens is " + maxSourceTokens + ", expected at least 1");
        }
        returnSequences(generation);
    }

    /** The model that the jar carries on the columns {@code id} and {@code text}. */
    public static SummarizeOptions standard() {
        return of(ModelReference.embedded(), DocumentColumns.standard());
    }

    /** The model's own defaults throughout. */
    public static SummarizeOptions of(ModelReference model, DocumentColumns columns) {
        return new SummarizeOptions(
                model, columns, Map.of(), null, Newlines.NEWLINE, ErrorPolicy.PERMISSIVE, InputPartitioning.BALANCED);
    }

    /** Summaries of each document; more than one changes the result columns. */
    int returnSequences() {
        return returnSequences(generation);
    }

    private static int returnSequences(Map<String, String> generation) {
        String value = generation.getOrDefault(NUM_RETURN_SEQUENCES, "1");
        try {
            int sequences = Integer.parseInt(value.strip());
            if (sequences >= 1) {
                return sequences;
            }
        } catch (NumberFormatException e) {
            throw unexpectedReturnSequences(value, e);
        }
        throw unexpectedReturnSequences(value, null);
    }

    private static UserException unexpectedReturnSequences(String value, Exception cause) {
        return new UserException(
                "Cannot summarize: " + NUM_RETURN_SEQUENCES + " is " + value + ", expected a whole number from 1 up",
                cause);
    }
}
