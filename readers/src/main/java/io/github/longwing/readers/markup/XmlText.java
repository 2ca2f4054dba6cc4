package io.github.longwing.readers.markup;

import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.ParagraphText;
import java.util.ArrayDeque;
import java.util.Deque;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.ext.DefaultHandler2;

/** The text of XML whose elements are known, and its title. */
public final class XmlText extends DefaultHandler2 {
    private final Elements elements;
    private final LeftOut leftOut;
    private final String titleElement;
    private final Deque<ParagraphText> texts = new ArrayDeque<>();
    private final Deque<String> path = new ArrayDeque<>();
    private final StringBuilder title = new StringBuilder();
    private int outside;
    private int inTitle;
    private boolean titleFound;
    private boolean joins;

    /**
     * For one document.
     *
     * @param titleElement of which the first holds the title, also where it is left out
     */
    public XmlText(Elements elements, String titleElement, LeftOut leftOut) {
        this.elements = elements;
        this.titleElement = titleElement;
        this.leftOut = leftOut;
        texts.push(new ParagraphText());
    }

    public String text() {
        return texts.getLast().text();
    }

    public String title() {
        return title.toString();
    }

    @Override
    public void startElement(String uri, String name, String qualified, Attributes attributes) {
        String parent = path.isEmpty() ? "" : path.peek();
        path.push(name);
        if (name.equals(titleElement) && !titleFound) {
            inTitle = path.size();
        }
        if (outside > 0) {
            return;
        }
        String what = elements.leftOut(parent, name);
        if (what != null) {
            outside = path.size();
            leftOut.add(what, 1);
            return;
        }
        if (elements.notes().contains(name)) {
            texts.push(new ParagraphText());
        }
        String html = elements.html().get(name);
        if (html != null) {
            texts.peek().start(html);
        }
        switch (name) {
            case "tab" -> texts.peek().tab();
            case "s" -> texts.peek().add(" ");
            case "lb", "pb", "cb" -> joins = "no".equals(attributes.getValue("break"));
            default -> {}
        }
    }

    @Override
    public void endElement(String uri, String name, String qualified) {
        if (inTitle == path.size() && !titleFound) {
            titleFound = true;
            inTitle = 0;
        }
        if (outside == path.size()) {
            outside = 0;
        } else if (outside == 0) {
            String html = elements.html().get(name);
            if (html != null) {
                texts.peek().end(html);
            }
            if (elements.notes().contains(name)) {
                String note = texts.pop().text();
                texts.peek().addBehind(note);
            }
            if (elements.spaced().contains(name) && !joins) {
                texts.peek().add(" ");
            }
            joins = false;
        }
        path.pop();
    }

    @Override
    public void characters(char[] characters, int start, int length) {
        String text = new String(characters, start, length);
        if (inTitle > 0) {
            title.append(text);
        }
        if (outside == 0) {
            texts.peek().add(text);
        }
    }

    /** Entities of document types that are not fetched have the names that they have in HTML. */
    @Override
    public void skippedEntity(String name) {
        String text = Xml.entity(name);
        characters(text.toCharArray(), 0, text.length());
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        throw e;
    }
}
