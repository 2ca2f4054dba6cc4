package io.github.longwing.readers.markup;

import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.ParagraphText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.ext.DefaultHandler2;

/**
 * The text of XML of any kind, read twice: elements that stand between words somewhere are inline, those that have others
 * in them are paragraphs, the rest are lines.
 */
final class PlainXml {
    private static final Set<String> PARAGRAPHS =
            Set.of("p", "para", "paragraph", "simpara", "title", "head", "heading", "abstract", "section", "chapter");
    private static final Set<String> BINARY = Set.of("binary", "binData", "base64Binary");

    private final Set<String> inline = new HashSet<>();
    private final Set<String> parents = new HashSet<>();

    private PlainXml() {}

    static String text(byte[] content, LeftOut leftOut) throws SAXException, IOException {
        PlainXml xml = new PlainXml();
        Xml.parse(new ByteArrayInputStream(content), xml.new Survey());
        Reading reading = xml.new Reading(leftOut);
        Xml.parse(new ByteArrayInputStream(content), reading);
        return reading.text.text();
    }

    /** Finds out how each element is used. */
    private final class Survey extends DefaultHandler2 {
        private final Deque<Element> open = new ArrayDeque<>();

        private static final class Element {
            private final String name;
            private final Set<String> children = new HashSet<>();
            private boolean hasWords;

            private Element(String name) {
                this.name = name;
            }
        }

        @Override
        public void startElement(String uri, String name, String qualified, Attributes attributes) {
            if (!open.isEmpty()) {
                open.peek().children.add(name);
            }
            open.push(new Element(name));
        }

        @Override
        public void characters(char[] characters, int start, int length) {
            if (!new String(characters, start, length).isBlank()) {
                open.peek().hasWords = true;
            }
        }

        @Override
        public void endElement(String uri, String name, String qualified) {
            Element element = open.pop();
            if (element.hasWords) {
                inline.addAll(element.children);
            } else if (!element.children.isEmpty()) {
                parents.add(element.name);
            }
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }

    private final class Reading extends DefaultHandler2 {
        private final ParagraphText text = new ParagraphText();
        private final LeftOut leftOut;
        private int binary;

        private Reading(LeftOut leftOut) {
            this.leftOut = leftOut;
        }

        @Override
        public void startElement(String uri, String name, String qualified, Attributes attributes) {
            if (BINARY.contains(name)) {
                binary++;
                leftOut.add("pictures in the file", 1);
            }
            text.start(html(name));
        }

        @Override
        public void endElement(String uri, String name, String qualified) {
            text.end(html(name));
            if (BINARY.contains(name)) {
                binary--;
            }
        }

        private String html(String name) {
            if (inline.contains(name)) {
                return "span";
            }
            return parents.contains(name) || PARAGRAPHS.contains(name) ? "p" : "li";
        }

        @Override
        public void characters(char[] characters, int start, int length) {
            if (binary == 0) {
                text.add(new String(characters, start, length));
            }
        }

        @Override
        public void skippedEntity(String name) {
            text.add(Xml.entity(name));
        }
    }
}
