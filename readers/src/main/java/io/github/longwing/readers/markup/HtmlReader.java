package io.github.longwing.readers.markup;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.ParagraphText;
import io.github.longwing.readers.text.PlainText;
import io.github.longwing.readers.text.Titles;
import io.github.longwing.readers.text.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.html.HtmlEncodingDetector;
import org.apache.tika.parser.txt.BOMDetector;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Reads HTML: of a page its main content, of other documents in HTML all that is shown. */
public final class HtmlReader {
    private static final Pattern XML_ENCODING = Pattern.compile("^\\s*<\\?xml[^>]*encoding=[\"']([\\w-]+)[\"']");
    private static final int HEAD = 200;
    private static final String XHTML = "http://www.w3.org/1999/xhtml";

    /** In XHTML an element may be closed where it is opened; to a parser of HTML it would hold all that follows. */
    private static final Pattern CLOSED_AT_ONCE = Pattern.compile(
            "<((?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\\b)[a-z][a-z0-9]*)"
                    + "((?:\\s[^<>]*?)?)/>");

    private HtmlReader() {}

    /** A page, with its main content. */
    public static ReadDocument read(byte[] content) throws IOException {
        LeftOut leftOut = new LeftOut();
        Document page = parse(content);
        Optional<String> title = Titles.of(page.title());
        String text = text(MainContent.of(page, leftOut));
        if (text.isEmpty() && !page.select("frameset, iframe").isEmpty()) {
            throw Unreadable.because(
                    "text/html", "its text is in the files of its frames", "give it these files instead");
        }
        return new ReadDocument(text, title, OptionalInt.empty(), leftOut.counts());
    }

    /** All that is shown of a document in HTML that is no page of the web. */
    public static String textOf(Document document, LeftOut leftOut) {
        MainContent.removeUnseen(document, leftOut);
        return text(document.body());
    }

    public static Document parse(byte[] content) throws IOException {
        String html = new String(content, charset(content));
        if (html.contains(XHTML)) {
            html = CLOSED_AT_ONCE.matcher(html).replaceAll("<$1$2></$1>");
        }
        return Jsoup.parse(html.startsWith("\uFEFF") ? html.substring(1) : html);
    }

    /** Pages say their charset in their head; of those that do not, many are UTF-8. */
    private static Charset charset(byte[] content) throws IOException {
        Charset marked = new BOMDetector().detect(new ByteArrayInputStream(content), new Metadata());
        if (marked != null) {
            return marked;
        }
        Charset declared = new HtmlEncodingDetector().detect(new ByteArrayInputStream(content), new Metadata());
        if (declared != null) {
            return declared;
        }
        Matcher xml = XML_ENCODING.matcher(
                new String(content, 0, Math.min(HEAD, content.length), StandardCharsets.ISO_8859_1));
        if (xml.find()) {
            try {
                return Charset.forName(xml.group(1));
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                return PlainText.charset(content).orElse(StandardCharsets.UTF_8); // it names none
            }
        }
        return PlainText.charset(content).orElse(StandardCharsets.UTF_8);
    }

    private static String text(Element root) {
        ParagraphText text = new ParagraphText();
        root.traverse(new NodeVisitor() {
            @Override
            public void head(Node node, int depth) {
                if (node instanceof TextNode words) {
                    text.add(words.getWholeText());
                } else if (node instanceof Element element) {
                    text.start(element.normalName());
                }
            }

            @Override
            public void tail(Node node, int depth) {
                if (node instanceof Element element) {
                    text.end(element.normalName());
                }
            }
        });
        return text.text();
    }
}
