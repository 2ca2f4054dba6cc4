package io.github.longwing.readers.markup;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.Titles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import javax.xml.namespace.QName;
import org.apache.tika.detect.XmlRootExtractor;
import org.xml.sax.SAXException;

/** Reads XML: articles in JATS, texts in TEI, flat OpenDocument, XHTML, and the words of all other kinds. */
public final class XmlReader {
    private static final int HEAD = 4096;

    private XmlReader() {}

    /** Whether it begins as XML does, and not as a page of the web. */
    public static boolean isXml(byte[] content) {
        String head =
                new String(content, 0, Math.min(HEAD, content.length), StandardCharsets.ISO_8859_1).stripLeading();
        if (!head.startsWith("<") && !head.startsWith("\u00EF\u00BB\u00BF<")) {
            return false;
        }
        QName root = new XmlRootExtractor().extractRootElement(content);
        return root != null
                && !root.getLocalPart().equalsIgnoreCase("html")
                && (head.contains("<?xml") || !root.getNamespaceURI().isEmpty());
    }

    /**
     * Reads one file.
     *
     * @throws SAXException where it is not well-formed
     * @throws IOException where its bytes are none of its charset
     */
    public static ReadDocument read(byte[] content) throws SAXException, IOException {
        QName root = new XmlRootExtractor().extractRootElement(content);
        String name = root == null ? "" : root.getLocalPart();
        LeftOut leftOut = new LeftOut();
        return switch (name) {
            case "html" -> HtmlReader.read(content);
            case "TEI", "TEI.2", "teiCorpus" -> read(content, new XmlText(Elements.TEI, "title", leftOut), leftOut);
            case "document" ->
                root.getNamespaceURI().contains("opendocument")
                        ? read(content, new XmlText(Elements.ODT, "title", leftOut), leftOut)
                        : plain(content, leftOut);
            case "article", "pmc-articleset" ->
                isOfJournal(content)
                        ? read(content, new XmlText(Elements.JATS, "article-title", leftOut), leftOut)
                        : plain(content, leftOut);
            default -> plain(content, leftOut);
        };
    }

    private static ReadDocument plain(byte[] content, LeftOut leftOut) throws SAXException, IOException {
        String text = PlainXml.text(content, leftOut);
        return new ReadDocument(text, Optional.empty(), OptionalInt.empty(), leftOut.counts());
    }

    private static ReadDocument read(byte[] content, XmlText text, LeftOut leftOut) throws SAXException, IOException {
        Xml.parse(new ByteArrayInputStream(content), text);
        return new ReadDocument(text.text(), Titles.of(text.title()), OptionalInt.empty(), leftOut.counts());
    }

    /** DocBook has articles too. */
    private static boolean isOfJournal(byte[] content) {
        String head = new String(content, 0, Math.min(HEAD, content.length), StandardCharsets.ISO_8859_1);
        return head.contains("<front") || head.contains("<body") || head.contains("JATS") || head.contains("NLM");
    }
}
