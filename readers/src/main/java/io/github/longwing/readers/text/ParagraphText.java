package io.github.longwing.readers.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Gathers a text from elements named as in HTML: an empty line between two blocks, a line for each item and each row of a
 * table, a tab between its cells. White space is folded as a browser does, except inside of {@code pre}. Not for several
 * threads.
 */
public final class ParagraphText {
    /** As many as the bytes that a text column may have. */
    public static final int MOST_CHARACTERS = 64 << 20;

    /** Elements that begin and end a paragraph. */
    private static final Set<String> BLOCKS = Set.of(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "details",
            "dialog",
            "dl",
            "div",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "main",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "summary",
            "table",
            "ul");

    /** Elements that have a line of their own. */
    private static final Set<String> LINES = Set.of("br", "dd", "dt", "legend", "li", "option", "tr");

    private static final Set<String> CELLS = Set.of("td", "th");

    /** What goes before the next visible character. */
    private enum Gap {
        NONE(""),
        SPACE(" "),
        CELL("\t"),
        LINE("\n"),
        PARAGRAPH("\n\n");

        private final String text;

        Gap(String text) {
            this.text = text;
        }
    }

    private final StringBuilder text = new StringBuilder();
    private final List<String> behind = new ArrayList<>();
    private Gap gap = Gap.NONE;
    private int cells;
    private boolean sticks;
    private int preformatted;

    /** What was gathered until now. */
    public String text() {
        addBehind();
        return text.toString();
    }

    /**
     * Begins an element.
     *
     * @param element by its name in HTML; others are inline
     */
    public void start(String element) {
        separate(element);
        if (element.equals("pre")) {
            preformatted++;
        }
        if (CELLS.contains(element)) {
            cells++;
        }
    }

    /**
     * Ends an element.
     *
     * @param element as at its start; what follows a {@code label} stays beside it
     */
    public void end(String element) {
        separate(element);
        if (element.equals("pre")) {
            preformatted--;
        }
        if (CELLS.contains(element)) {
            cells--;
            widen(Gap.CELL);
        }
        if (element.equals("label")) {
            // what it labels goes on behind it
            gap = text.isEmpty() ? Gap.NONE : gap == Gap.NONE ? Gap.SPACE : gap;
            sticks = true;
        }
        if (cells == 0 && (BLOCKS.contains(element) || element.equals("li"))) {
            addBehind();
        }
    }

    private void separate(String element) {
        if (BLOCKS.contains(element)) {
            // a cell with several paragraphs stays one cell
            widen(cells == 0 ? Gap.PARAGRAPH : Gap.SPACE);
        } else if (LINES.contains(element)) {
            widen(cells == 0 || element.equals("tr") ? Gap.LINE : Gap.SPACE);
        }
    }

    /**
     * Adds characters.
     *
     * @throws io.github.longwing.error.DocumentException where the text would be too long, so that memory is bounded
     */
    public void add(CharSequence characters) {
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            if (isUnseen(c)) {
                continue;
            }
            if (preformatted > 0 && c == '\n' && cells == 0) {
                widen(Gap.LINE);
            } else if (preformatted > 0 && (c == ' ' || c == '\t')) {
                append(c);
            } else if (isWhiteSpace(c)) {
                widen(Gap.SPACE);
            } else {
                append(c);
            }
        }
    }

    /** A tab before what comes next; in a cell, a space. */
    public void tab() {
        widen(cells == 0 ? Gap.CELL : Gap.SPACE);
    }

    /** Paragraphs that come behind the one that is being gathered, as a note does. */
    public void addBehind(String paragraphs) {
        if (!paragraphs.isEmpty()) {
            behind.add(paragraphs);
        }
    }

    private void addBehind() {
        for (String paragraphs : behind) {
            text.append(text.isEmpty() ? "" : Gap.PARAGRAPH.text).append(paragraphs);
            requireRoom();
            gap = Gap.PARAGRAPH;
            sticks = false;
        }
        behind.clear();
    }

    private void append(char c) {
        if (!text.isEmpty()) {
            text.append(gap.text);
        }
        gap = Gap.NONE;
        sticks = false;
        text.append(c == '\u2011' ? '-' : c);
        requireRoom();
    }

    private void requireRoom() {
        if (text.length() > MOST_CHARACTERS) {
            throw Unreadable.tooLong(MOST_CHARACTERS);
        }
    }

    private void widen(Gap atLeast) {
        if (!sticks && gap.compareTo(atLeast) < 0) {
            gap = atLeast;
        }
    }

    /** Where a word may be divided, and marks of other uses that have no width. */
    private static boolean isUnseen(char c) {
        return c == '\u00AD' || c == '\u200B' || c == '\u2060' || c == '\uFEFF';
    }

    private static boolean isWhiteSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u00A0' || c == '\u000B';
    }
}
