package io.github.longwing.task;

import java.util.Optional;

/**
 * One document, from one row.
 *
 * @param id identifies the document; with the seed, the key of the random draws
 * @param text may be null or empty, which gives an error result
 * @param question for the task answer; other tasks ignore it
 */
public record Document(String id, String text, Optional<String> question) {

    /** A document without a question. */
    public Document(String id, String text) {
        this(id, text, Optional.empty());
    }
}
