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

    /**
     * @param notes those that the part may refer to, and chunks of other documents, by their kind and number
     * @param leftOut counts what is passed over
     */
    WordText(Map<String, String> notes, LeftOut leftOut) {
        this.known = notes;
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
            case "noBreakHyphen" -> texts.peek().add("-");
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
                }
                joined = false;
            }
            default -> {
                if (HTML.containsKey(name)) {
                    texts.peek().start(HTML.get(name));
                }
            }
        }
    }

    private void refer(String kind, Attributes attributes) {
        texts.peek().addBehind(known.getOrDefault(kind + value(attributes, "id"), ""));
    }

    private void symbol(Attributes attributes) {
        String code = value(attributes, "char");
        if (code != null && code.matches("[0-9A-Fa-f]{4}")) {
            char c = (char) Integer.parseInt(code, 16);
            texts.peek().add(c >= '\uE000' && c <= '\uF8FF' ? "•" : String.valueOf(c));
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
            texts.peek().add(new String(characters, start, length));
        }
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        throw e;
    }
}
