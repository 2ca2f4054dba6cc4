package io.github.longwing.readers.zip;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.markup.HtmlReader;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.ParagraphText;
import io.github.longwing.readers.text.Titles;
import io.github.longwing.readers.text.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.OptionalInt;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/** Reads the chapters of an EPUB in their order. */
final class EpubReader {
    static final String TYPE = "application/epub+zip";
    static final String CONTAINER = "META-INF/container.xml";

    private static final String ENCRYPTION = "META-INF/encryption.xml";

    private EpubReader() {}

    static ReadDocument read(ZipParts parts) throws IOException {
        String book = xml(parts, CONTAINER).select("rootfile").attr("full-path");
        Document opf = xml(parts, book);
        LeftOut leftOut = new LeftOut();
        ParagraphText text = new ParagraphText();
        for (Element reference : opf.getElementsByTag("itemref")) {
            Element item = opf.getElementById(reference.attr("idref"));
            if (item == null) {
                throw new IOException("its part " + reference.attr("idref") + " is missing");
            }
            String part =
                    URI.create("/" + book).resolve(item.attr("href")).getPath().substring(1);
            requireOpen(parts, part);
            if (item.attr("properties").contains("nav")) {
                leftOut.add("navigation", 1);
            } else if (item.attr("media-type").contains("html")
                    || item.attr("media-type").contains("xml")) {
                text.addBehind(HtmlReader.textOf(HtmlReader.parse(parts.read(part)), leftOut));
            }
        }
        return new ReadDocument(
                text.text(),
                Titles.of(opf.getElementsByTag("dc:title").eachText().stream()
                        .findFirst()
                        .orElse("")),
                OptionalInt.empty(),
                leftOut.counts());
    }

    /** Fonts may be garbled in a book that is open to all; chapters may not. */
    private static void requireOpen(ZipParts parts, String part) throws IOException {
        if (parts.has(ENCRYPTION)
                && xml(parts, ENCRYPTION).select("*").stream()
                        .filter(element -> element.normalName().endsWith("cipherreference"))
                        .anyMatch(
                                element -> URI.create("/" + element.attr("URI").replace(" ", "%20"))
                                        .getPath()
                                        .equals("/" + part))) {
            throw Unreadable.encrypted(TYPE, null);
        }
    }

    private static Document xml(ZipParts parts, String part) throws IOException {
        return Jsoup.parse(new ByteArrayInputStream(parts.read(part)), null, "", Parser.xmlParser());
    }
}
