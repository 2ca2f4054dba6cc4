package io.github.longwing.readers.zip;

import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.ParagraphText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.ext.DefaultHandler2;

/** The text of a part in WordprocessingML. */
final class WordText extends DefaultHandler2 {
    private static final Map<String, String> HTML = Map.of("p", "p", "tbl", "table", "tr", "tr", "tc", "td");

    /** With what is in them. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "del", "deletions",
            "moveFrom", "deletions",
            "Fallback", "",
            "rt", "ruby");

    private final Map<String, String> known;
    private final WordNumbering numbering;
    private final LeftOut leftOut;
    private final Map<String, String> notes = new HashMap<>();
    private final Deque<ParagraphText> texts = new ArrayDeque<>();
    private final Deque<String> path = new ArrayDeque<>();
    private int outside;
    private int placeholder;
    private boolean hidden;
    private boolean joins;
    private boolean joined;
    private String note;
    private Paragraph last;

    /** Those that are open: in a paragraph there may be a text box with others. */
    private final Deque<Paragraph> paragraphs = new ArrayDeque<>();

    /** What is known of a paragraph until its first character. */
    private static final class Paragraph {
        private String style;
        private String number;
        private String level;
        private boolean isCounted;

        /** What Word writes before the first character. */
        private String label = "";
    }

    /**
     * @param notes those that the part may refer to, and chunks of other documents, by their kind and number
     * @param numbering counts the paragraphs of lists
     * @param leftOut counts what is passed over
     */
    WordText(Map<String, String> notes, WordNumbering numbering, LeftOut leftOut) {
        this.known = notes;
        this.numbering = numbering;
        this.leftOut = leftOut;
        texts.push(new ParagraphText());
    }

    String text() {
        return texts.getLast().text();
    }

    /** Of a part that has notes, each by its number. */
    Map<String, String> notes() {
        return notes;
    }

    @Override
    public void startElement(String uri, String name, String qualified, Attributes attributes) {
        String parent = path.isEmpty() ? "" : path.peek();
        path.push(name);
        if (outside > 0) {
            return;
        }
        if (LEFT_OUT.containsKey(name)) {
            if (name.equals("del") && parent.equals("rPr")) {
                joins = path.contains("pPr"); // the end of the paragraph was deleted
            } else if (!parent.equals("rPr") && !parent.equals("trPr")) {
                outside = path.size();
                leftOut.add(LEFT_OUT.get(name), 1);
            }
            return;
        }
        switch (name) {
            case "txbxContent" -> texts.push(new ParagraphText());
            case "footnote", "endnote" -> {
                texts.push(new ParagraphText());
                note = value(attributes, "id");
            }
            case "footnoteReference" -> refer("footnotes", attributes);
            case "endnoteReference" -> refer("endnotes", attributes);
            case "altChunk" -> {
                refer("chunk", attributes);
                texts.peek().end("p");
            }
            case "tab", "ptab" -> {
                if (parent.equals("r")) {
                    texts.peek().tab();
                }
            }
            case "br", "cr" -> texts.peek().start("br");
            case "noBreakHyphen" -> add("-");
            case "sym" -> symbol(attributes);
            case "vanish" -> hidden = hidden || (path.contains("r") && isOn(attributes));
            case "showingPlcHdr" -> placeholder = depthOf("sdt");
            case "sdtContent" -> {
                if (placeholder == path.size() - 1) {
                    outside = path.size();
                    leftOut.add("placeholders", 1);
                }
            }
            case "p" -> {
                if (!joined) {
                    texts.peek().start("p");
                    last = new Paragraph();
                }
                paragraphs.push(last);
                joined = false;
            }
            case "pStyle" -> {
                if (isOfParagraph("pPr")) {
                    paragraphs.peek().style = value(attributes, "val");
                }
            }
            case "numId" -> {
                if (isOfParagraph("numPr")) {
                    paragraphs.peek().number = value(attributes, "val");
                }
            }
            case "ilvl" -> {
                if (isOfParagraph("numPr")) {
                    paragraphs.peek().level = value(attributes, "val");
                }
            }
            case "r" -> count();
            default -> {
                if (HTML.containsKey(name)) {
                    texts.peek().start(HTML.get(name));
                }
            }
        }
    }

    /** What stands there now, not what a change has taken away. */
    private boolean isOfParagraph(String parent) {
        return !paragraphs.isEmpty() && path.contains(parent) && !path.contains("pPrChange");
    }

    /** Once all is known about the paragraph; one without a character has a number too, which nobody reads. */
    private void count() {
        Paragraph paragraph = paragraphs.peek();
        if (paragraph != null && !paragraph.isCounted) {
            paragraph.isCounted = true;
            paragraph.label = numbering.next(paragraph.style, paragraph.number, paragraph.level);
        }
    }

    private void add(String characters) {
        if (!paragraphs.isEmpty()) {
            texts.peek().add(paragraphs.peek().label);
            paragraphs.peek().label = "";
        }
        texts.peek().add(characters);
    }

    private void refer(String kind, Attributes attributes) {
        texts.peek().addBehind(known.getOrDefault(kind + value(attributes, "id"), ""));
    }

    private void symbol(Attributes attributes) {
        String code = value(attributes, "char");
        if (code != null && code.matches("[0-9A-Fa-f]{4}")) {
            char c = (char) Integer.parseInt(code, 16);
            add(c >= '\uE000' && c <= '\uF8FF' ? "•" : String.valueOf(c));
        }
    }

    private static boolean isOn(Attributes attributes) {
        String value = value(attributes, "val");
        return value == null || !(value.equals("0") || value.equals("false") || value.equals("off"));
    }

    private static String value(Attributes attributes, String name) {
        for (int i = 0; i < attributes.getLength(); i++) {
            if (attributes.getLocalName(i).equals(name)) {
                return attributes.getValue(i);
            }
        }
        return null;
    }

    private int depthOf(String element) {
        int depth = path.size();
        for (String name : path) {
            if (name.equals(element)) {
                return depth;
            }
            depth--;
        }
        return -1;
    }

    @Override
    public void endElement(String uri, String name, String qualified) {
        path.pop();
        if (outside > 0) {
            if (outside == path.size() + 1) {
                outside = 0;
            }
            return;
        }
        switch (name) {
            case "txbxContent" -> {
                String box = texts.pop().text();
                texts.peek().addBehind(box);
            }
            case "footnote", "endnote" -> notes.put(note, texts.pop().text());
            case "r" -> {
                if (hidden) {
                    leftOut.add("hidden texts", 1);
                }
                hidden = false;
            }
            case "p" -> {
                count();
                last = paragraphs.pop();
                joined = joins;
                joins = false;
                if (!joined) {
                    texts.peek().end("p");
                }
            }
            case "sdt" -> placeholder = -1;
            default -> {
                if (HTML.containsKey(name)) {
                    texts.peek().end(HTML.get(name));
                }
            }
        }
    }

    @Override
    public void characters(char[] characters, int start, int length) {
        if (outside == 0 && !hidden && !path.isEmpty() && path.peek().equals("t")) {
            add(new String(characters, start, length));
        }
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        throw e;
    }
}
