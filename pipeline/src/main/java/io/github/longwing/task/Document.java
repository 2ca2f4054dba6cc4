package io.github.longwing.task;

import java.util.Optional;

/**
 * One document as it comes out of a row.
 *
 * @param id identifies the document; with the seed it decides the draws of sampling
 * @param text may be null or empty, which gives an error result
 * @param question what answering asks of the text; no other task looks at it
 */
public record Document(String id, String text, Optional<String> question) {

    /** A document of which nothing is asked. */
    public Document(String id, String text) {
        this(id, text, Optional.empty());
    }
}
