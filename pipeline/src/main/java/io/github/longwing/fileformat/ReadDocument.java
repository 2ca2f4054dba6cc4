package io.github.longwing.fileformat;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a file has to say.
 *
 * @param text its paragraphs, an empty line between two of them; may be empty
 * @param title as the file itself states it
 * @param pages as the file itself states them
 * @param leftOut how much of what was left out, under words such as {@code page numbers}
 */
public record ReadDocument(String text, Optional<String> title, OptionalInt pages, Map<String, Integer> leftOut) {
    public ReadDocument {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(pages, "pages");
        Objects.requireNonNull(leftOut, "leftOut");
    }

    /** Of which nothing was left out. */
    public ReadDocument(String text, Optional<String> title, OptionalInt pages) {
        this(text, title, pages, Map.of());
    }
}
