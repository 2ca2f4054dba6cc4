package io.github.longwing.readers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The text of a body of XHTML: an empty line between two blocks, a line for each item and each row of a table, a tab
 * between its cells. White space is folded as a browser does, except inside of {@code pre} and where lines are kept.
 */
final class ParagraphText extends DefaultHandler {
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

    /** Elements of which no text is shown. */
    private static final Set<String> UNSEEN =
            Set.of("head", "noscript", "script", "style", "svg", "template", "textarea");

    /** What line breaks in a paragraph mean. */
    enum Newlines {
        /** They break lines, as in a PDF. */
        KEPT,
        /** They are spaces, as in HTML. */
        FOLDED
    }

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
    private final Newlines newlines;
    private final int mostChars;
    private final Deque<String> cells = new ArrayDeque<>();
    private Gap gap = Gap.NONE;
    private int bodies;
    private int unseen;
    private int preformatted;

    /** @param mostChars beyond which {@link TooLong} is thrown, so that memory is bounded */
    ParagraphText(Newlines newlines, int mostChars) {
        this.newlines = newlines;
        this.mostChars = mostChars;
    }

    /** What was gathered until now. */
    String text() {
        return text.toString();
    }

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes) {
        if (localName.equals("body")) {
            bodies++;
        }
        if (UNSEEN.contains(localName)) {
            unseen++;
        }
        if (localName.equals("pre")) {
            preformatted++;
        }
        if (CELLS.contains(localName)) {
            cells.push(localName);
        }
        separate(localName);
    }

    @Override
    public void endElement(String uri, String localName, String name) {
        separate(localName);
        if (localName.equals("body")) {
            bodies--;
        }
        if (UNSEEN.contains(localName)) {
            unseen--;
        }
        if (localName.equals("pre")) {
            preformatted--;
        }
        if (CELLS.contains(localName) && !cells.isEmpty()) {
            cells.pop();
            widen(Gap.CELL);
        }
    }

    private void separate(String element) {
        if (BLOCKS.contains(element)) {
            // a cell with several paragraphs stays one cell
            widen(cells.isEmpty() ? Gap.PARAGRAPH : Gap.SPACE);
        } else if (LINES.contains(element)) {
            widen(cells.isEmpty() || element.equals("tr") ? Gap.LINE : Gap.SPACE);
        }
    }

    @Override
    public void characters(char[] chars, int start, int length) throws SAXException {
        if (bodies == 0 || unseen > 0) {
            return;
        }
        for (int i = start; i < start + length; i++) {
            char c = chars[i];
            if (c == '\n' && cells.isEmpty() && (newlines == Newlines.KEPT || preformatted > 0)) {
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

    @Override
    public void ignorableWhitespace(char[] chars, int start, int length) throws SAXException {
        characters(chars, start, length);
    }

    private void append(char c) throws TooLong {
        if (!text.isEmpty()) {
            text.append(gap.text);
        }
        gap = Gap.NONE;
        text.append(c);
        if (text.length() > mostChars) {
            throw new TooLong();
        }
    }

    private void widen(Gap atLeast) {
        if (gap.compareTo(atLeast) < 0) {
            gap = atLeast;
        }
    }

    private static boolean isWhiteSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u00A0' || c == '\u000B';
    }

    /** The text has more characters than it may have. */
    static final class TooLong extends SAXException {
        private static final long serialVersionUID = 1L;
    }
}
