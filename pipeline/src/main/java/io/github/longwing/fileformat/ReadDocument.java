package io.github.longwing.fileformat;

import java.util.List;
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
 * @param pageMarks where the text comes to a page, in the order of the text; none where that is not known
 * @param leftOut how much of what was left out, under words such as {@code page numbers}
 */
public record ReadDocument(
        String text,
        Optional<String> title,
        OptionalInt pages,
        List<PageMark> pageMarks,
        Map<String, Integer> leftOut) {

    /**
     * Says that the text from here on stands on a page, until the next mark.
     *
     * @param begin in code points of the text
     * @param page from 1
     */
    public record PageMark(int begin, int page) {}

    public ReadDocument {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(pages, "pages");
        Objects.requireNonNull(leftOut, "leftOut");
        pageMarks = List.copyOf(pageMarks);
    }

    /** Of which no page is known. */
    public ReadDocument(String text, Optional<String> title, OptionalInt pages, Map<String, Integer> leftOut) {
        this(text, title, pages, List.of(), leftOut);
    }

    /** Of which nothing was left out. */
    public ReadDocument(String text, Optional<String> title, OptionalInt pages) {
        this(text, title, pages, Map.of());
    }
}
