package io.github.longwing.readers.markup;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.Titles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.commonmark.Extension;
import org.commonmark.ext.front.matter.YamlFrontMatterExtension;
import org.commonmark.ext.front.matter.YamlFrontMatterVisitor;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;

/** Reads Markdown: its text without marks, a heading a line of its own. */
public final class MarkdownReader {
    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), YamlFrontMatterExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer HTML =
            HtmlRenderer.builder().extensions(EXTENSIONS).build();

    private MarkdownReader() {}

    public static ReadDocument read(String markdown) {
        Node document = PARSER.parse(markdown);
        YamlFrontMatterVisitor front = new YamlFrontMatterVisitor();
        document.accept(front);
        Map<String, List<String>> settings = front.getData();
        LeftOut leftOut = new LeftOut();
        leftOut.add("settings of the document", settings.size());
        Optional<String> title = settings.getOrDefault("title", List.of()).stream()
                .findFirst()
                .map(text -> text.replaceAll("^[\"']|[\"']$", ""))
                .flatMap(Titles::of);
        String text = HtmlReader.textOf(Jsoup.parse(HTML.render(document)), leftOut);
        return new ReadDocument(text, title, OptionalInt.empty(), leftOut.counts());
    }
}
