package io.github.longwing.readers.zip;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.mail.MailReader;
import io.github.longwing.readers.markup.HtmlReader;
import io.github.longwing.readers.markup.Xml;
import io.github.longwing.readers.office.RtfReader;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.PlainText;
import io.github.longwing.readers.text.Titles;
import io.github.longwing.readers.text.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.xml.sax.SAXException;

/** Reads DOCX, as it is once all tracked changes are accepted: the body, with notes behind their paragraphs. */
final class DocxReader {
    static final String TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    private static final int HEAD = 1024;
    private static final String CONTENT_TYPES = "[Content_Types].xml";
    private static final List<String> MAIN = List.of(
            "wordprocessingml.document.main+xml",
            "wordprocessingml.template.main+xml",
            "ms-word.document.macroenabled.main+xml",
            "ms-word.template.macroenabledtemplate.main+xml");

    private final ZipParts parts;
    private final LeftOut leftOut = new LeftOut();
    private final Map<String, String> notes = new HashMap<>();

    private DocxReader(ZipParts parts) {
        this.parts = parts;
    }

    static ReadDocument read(ZipParts parts) throws IOException, SAXException {
        return new DocxReader(parts).read();
    }

    private ReadDocument read() throws IOException, SAXException {
        String main = related("", "officeDocument").stream()
                .findFirst()
                .orElseThrow(() -> new IOException("it has no main part"));
        requireDocument(main);
        for (String kind : List.of("footnotes", "endnotes")) {
            for (String part : related(main, kind)) {
                WordText text = new WordText(Map.of(), numbering(main), leftOut);
                parse(part, text);
                text.notes().forEach((id, note) -> notes.put(kind + id, note));
            }
        }
        for (Element chunk : relations(main, "aFChunk")) {
            notes.put("chunk" + chunk.attr("Id"), chunk(parts.read(target(main, chunk))));
        }
        WordText body = new WordText(notes, numbering(main), leftOut);
        parse(main, body);
        String text = body.text();
        countOthers(main);
        return new ReadDocument(text, title(), pages(), leftOut.counts());
    }

    /** Counts from the beginning. */
    private WordNumbering numbering(String main) throws IOException {
        List<String> lists = related(main, "numbering");
        List<String> styles = related(main, "styles");
        return lists.isEmpty()
                ? WordNumbering.none()
                : new WordNumbering(xml(lists.get(0)), styles.isEmpty() ? new Document("") : xml(styles.get(0)));
    }

    private void parse(String part, WordText text) throws IOException, SAXException {
        try (InputStream stream = parts.open(part)) {
            Xml.parse(stream, text);
        }
    }

    /** Sheets and slides are packed in the same way. */
    private void requireDocument(String main) throws IOException {
        for (Element element : xml(CONTENT_TYPES).select("Override")) {
            if (element.attr("PartName").equals("/" + main)) {
                String type = element.attr("ContentType");
                if (MAIN.stream().noneMatch(known -> type.toLowerCase(java.util.Locale.ROOT)
                        .contains(known))) {
                    throw Unreadable.unknown(type.replace(".main+xml", ""));
                }
            }
        }
    }

    /** What is in the file and on no line of its body. */
    private void countOthers(String main) throws IOException, SAXException {
        for (String kind : List.of("header", "footer")) {
            for (String part : related(main, kind)) {
                WordText text = new WordText(Map.of(), WordNumbering.none(), new LeftOut());
                parse(part, text);
                leftOut.add("headers and footers", text.text().isEmpty() ? 0 : 1);
            }
        }
        for (String part : related(main, "comments")) {
            leftOut.add("comments", xml(part).getElementsByTag("w:comment").size());
        }
        leftOut.add("macros", related(main, "vbaProject").size());
        leftOut.add("embedded files", (int) parts.names().stream()
                .filter(name -> name.startsWith("word/embeddings/"))
                .count());
    }

    /** A document of another kind that Word would put into the body when it opens the file. */
    private String chunk(byte[] content) throws IOException, SAXException {
        String head =
                new String(content, 0, Math.min(HEAD, content.length), StandardCharsets.ISO_8859_1).stripLeading();
        ReadDocument document;
        if (head.startsWith("PK")) {
            document = ZipReader.read(content);
        } else if (head.startsWith("{\\rtf")) {
            document = RtfReader.read(content);
        } else if (head.contains("MIME-Version:")) {
            document = MailReader.read(content);
        } else {
            return head.contains("<")
                    ? HtmlReader.textOf(HtmlReader.parse(content), leftOut)
                    : PlainText.decode(content).orElseThrow(Unreadable::charset);
        }
        document.leftOut().forEach(leftOut::add);
        return document.text();
    }

    /** The parts that a part names, of one kind. */
    private List<String> related(String part, String kind) throws IOException {
        return relations(part, kind).stream()
                .map(relation -> target(part, relation))
                .filter(parts::has)
                .toList();
    }

    private List<Element> relations(String part, String kind) throws IOException {
        int folder = part.lastIndexOf('/') + 1;
        String relations = part.substring(0, folder) + "_rels/" + part.substring(folder) + ".rels";
        if (!parts.has(relations)) {
            return List.of();
        }
        return xml(relations).select("Relationship").stream()
                .filter(relation -> relation.attr("Type").endsWith("/" + kind))
                .filter(relation -> !relation.attr("TargetMode").equals("External"))
                .toList();
    }

    private static String target(String part, Element relation) {
        return URI.create("/" + part)
                .resolve(relation.attr("Target").replace(" ", "%20"))
                .getPath()
                .substring(1);
    }

    private Document xml(String part) throws IOException {
        return Jsoup.parse(new ByteArrayInputStream(parts.read(part)), null, "", Parser.xmlParser());
    }

    private Optional<String> title() throws IOException {
        String properties = "docProps/core.xml";
        return parts.has(properties)
                ? Titles.of(xml(properties).getElementsByTag("dc:title").text())
                : Optional.empty();
    }

    private OptionalInt pages() throws IOException {
        String properties = "docProps/app.xml";
        String pages = parts.has(properties)
                ? xml(properties).getElementsByTag("Pages").text()
                : "";
        return pages.matches("\\d{1,6}") ? OptionalInt.of(Integer.parseInt(pages)) : OptionalInt.empty();
    }
}
