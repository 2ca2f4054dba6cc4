package io.github.longwing.fileformat;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a file has to say.
 *
 * @param text its paragraphs, an empty line between two of them; may be empty
 * @param title as the file itself states it
 * @param pages as the file itself states them
 */
public record ReadDocument(String text, Optional<String> title, OptionalInt pages) {
    public ReadDocument {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(pages, "pages");
    }
}
