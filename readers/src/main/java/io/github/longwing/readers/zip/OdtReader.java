package io.github.longwing.readers.zip;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.markup.Elements;
import io.github.longwing.readers.markup.Xml;
import io.github.longwing.readers.markup.XmlText;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.Titles;
import io.github.longwing.readers.text.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.xml.sax.SAXException;

/** Reads the texts of OpenDocument. */
final class OdtReader {
    static final String TYPE = "application/vnd.oasis.opendocument.text";

    private OdtReader() {}

    static ReadDocument read(ZipParts parts) throws IOException, SAXException {
        if (parts.has("META-INF/manifest.xml")
                && !xml(parts, "META-INF/manifest.xml")
                        .getElementsByTag("manifest:encryption-data")
                        .isEmpty()) {
            throw Unreadable.encrypted(TYPE, null);
        }
        LeftOut leftOut = new LeftOut();
        XmlText text = new XmlText(Elements.ODT, "", leftOut);
        try (InputStream content = parts.open("content.xml")) {
            Xml.parse(content, text);
        }
        if (parts.has("styles.xml")) {
            for (Element element : xml(parts, "styles.xml").select("style|header, style|footer")) {
                leftOut.add("headers and footers", element.hasText() ? 1 : 0);
            }
        }
        Optional<String> title = Optional.empty();
        OptionalInt pages = OptionalInt.empty();
        if (parts.has("meta.xml")) {
            Document meta = xml(parts, "meta.xml");
            title = Titles.of(meta.getElementsByTag("dc:title").text());
            String count = meta.getElementsByTag("meta:document-statistic").attr("meta:page-count");
            pages = count.matches("\\d{1,6}") ? OptionalInt.of(Integer.parseInt(count)) : pages;
        }
        return new ReadDocument(text.text(), title, pages, leftOut.counts());
    }

    private static Document xml(ZipParts parts, String part) throws IOException {
        return Jsoup.parse(new ByteArrayInputStream(parts.read(part)), null, "", Parser.xmlParser());
    }
}
