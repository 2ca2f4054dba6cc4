package io.github.longwing.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.ReadDocument;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of HTML, XML and Markdown. */
class MarkupReaderTest {
    private static final String ARTICLE =
            "<p>The river rises in the hills above the town, where three springs meet below a"
                    + " ridge of grey stone.</p><p>In spring it floods the valley.</p>";
    private static final String TEXT =
            "The river rises in the hills above the town, where three springs meet below a ridge"
                    + " of grey stone.\n\nIn spring it floods the valley.";

    @Test
    void ofAPageTheMainContentIsRead() {
        ReadDocument document = read("""
                <!DOCTYPE html><html><head><title>The river - The site</title><script>var x = "<p>no</p>";</script>
                <style>p { color: red }</style></head><body>
                <div id="cookie-banner">We use cookies. <button>Accept</button></div>
                <header><a href="/">The site</a><nav><ul><li><a href="/">Home</a><li><a href="/x">About</a></ul></nav></header>
                <main><article><header><h1>The river</h1><p>by A. Writer</p></header>""" + ARTICLE + """
                <aside>Related: the lake</aside><div class="share-buttons"><a href="t">Tweet</a></div></article></main>
                <footer>Copyright 2020</footer><script>track()</script></body></html>""", "a.html");

        assertThat(document.title()).contains("The river - The site");
        assertThat(document.text()).isEqualTo("The river\n\nby A. Writer\n\n" + TEXT);
        assertThat(document.leftOut())
                .containsEntry("cookie banners", 1)
                .containsEntry("navigation", 1)
                .containsEntry("page headers", 1)
                .containsEntry("page footers", 1)
                .containsEntry("asides", 1)
                .containsEntry("links for sharing", 1)
                .containsEntry("scripts", 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div class='cookie-consent'>We use cookies. <a>OK</a></div>",
                "<div id='onetrust-consent-sdk'><p>Your privacy</p><button>Allow all</button></div>",
                "<div class='x17'><p>This site uses cookies to make it better.</p><a href='#'>I agree</a></div>",
                "<section role='dialog'>Sign up for our letter</section>",
                "<nav>Home News</nav>",
                "<div role='navigation'><a href='/a'>Home</a></div>",
                "<ul class='main-menu'><li><a href='/a'>Home</a><li><a href='/b'>News</a></ul>",
                "<ul><li><a href='/a'>Home</a><li><a href='/b'>News</a><li><a href='/c'>Sport</a></ul>",
                "<div class='breadcrumbs'><a href='/'>Home</a> &gt; Rivers</div>",
                "<a class='skip-link' href='#main'>Skip to content</a>",
                "<footer><p>All rights reserved</p></footer>",
                "<div class='sidebar'><p>Most read: the lake</p></div>",
                "<div style='display: none'>Hidden for now</div>",
                "<p hidden>Hidden</p>",
                "<form role='search'><label>Find</label><input></form>",
                "<select><option>English<option>French</select>",
                "<noscript>Please turn on JavaScript</noscript>",
                "<div class='advertisement'>Buy a boat</div>",
                "<script>document.write('x')</script>",
                "<svg><text>icon</text></svg>",
                "<template><p>row</p></template>"
            })
    void whatIsNoContentIsLeftOutAndCounted(String part) {
        ReadDocument before = read("<html><body>" + part + ARTICLE + "</body></html>", "a.html");
        ReadDocument behind = read("<html><body>" + ARTICLE + part + "</body></html>", "a.html");

        assertThat(before.text()).isEqualTo(TEXT);
        assertThat(behind.text()).isEqualTo(TEXT);
        assertThat(before.leftOut().values()).contains(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div class='cookie-recipe'>Cookies need butter, and a warm oven.</div>",
                "<p>Cookies are small files. Browsers accept them.</p>",
                "<p>See <a href='/a'>the lake</a>.</p>",
                "<section><header><h2>The lake</h2></header><p>It is deep.</p></section>",
                "<ul><li>one spring</li><li>two mills</li></ul>",
                "<form><p>ASP pages are one form.</p></form>",
                "<div class='navigable-river'>Ships go up.</div>",
                "<details><summary>More</summary>It is long.</details>"
            })
    void whatIsContentStays(String part) {
        ReadDocument document = read("<html><body>" + ARTICLE + part + "</body></html>", "a.html");

        assertThat(document.text().length()).isGreaterThan(TEXT.length() + 5);
        assertThat(document.leftOut()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"aside", "header", "nav", "div style='visibility: hidden'", "div class='sidebar'", "dialog"})
    void whatHoldsMostOfThePageIsItsContentWhateverItIsCalled(String element) {
        String page = "<html><body><p>Short.</p><" + element + ">" + ARTICLE.repeat(3) + "</"
                + element.split(" ", -1)[0] + ">";

        assertThat(read(page, "a.html").text()).endsWith(TEXT);
    }

    @Test
    void theOnlyHeadingIsReadAlsoWhereItStandsInTheHeadOfThePage() {
        assertThat(read("<html><body><header><h1>The river</h1><a href=/>Site</a></header>" + ARTICLE, "a.html")
                        .text())
                .isEqualTo("The river\n\n" + TEXT);
    }

    @Test
    void aPageWithoutAnyMarksOfItsPartsIsReadWhole() {
        ReadDocument document = read("""
                <html><head><title> The
                river </title></head><body><h1>The <b>river</b></h1><p>It rises
                in the&nbsp;hills.<p>It floods &amp; falls &mdash; soft&shy;ly&#8230;<br>Twice.
                <ul><li>one<li><p>two</p></ul>
                <table><tr><th>a<th>b<tr><td><p>1</p><p>2</p><td>3</table>
                <pre>keep
                  this</pre>the end</body></html>
                """, "a.html");

        assertThat(document.title()).contains("The river");
        assertThat(document.pages()).isEmpty();
        assertThat(document.leftOut()).isEmpty();
        assertThat(document.text())
                .isEqualTo(
                        "The river\n\nIt rises in the hills.\n\nIt floods & falls — softly…\nTwice.\n\none\n\ntwo\n\n"
                                + "a\tb\n1 2\t3\n\nkeep\n  this\n\nthe end");
    }

    @ParameterizedTest
    @CsvSource({"windows-1252, é “x” €", "Shift_JIS, 日本語の川", "ISO-8859-5, река", "UTF-8, река 日"})
    void aPageIsReadInTheCharsetThatItNames(String charset, String text) {
        String page = "<html><head><meta charset=\"" + charset + "\"></head><body>" + text + "</body></html>";

        assertThat(new TikaReader()
                        .read(page.getBytes(Charset.forName(charset)), "a.html")
                        .text())
                .isEqualTo(text);
    }

    @Test
    void aPageThatNamesNoCharsetIsUtf8WhereItCanBe() {
        assertThat(read("<html><body>" + "a ".repeat(40_000) + "река 日</body></html>", "a.html")
                        .text())
                .endsWith("река 日");
    }

    @Test
    void nestingDoesNoHarm() {
        assertThat(read("<html><body>" + "<div>".repeat(5_000) + "deep", "a.html")
                        .text())
                .isEqualTo("deep");
    }

    @Test
    void elementsOfXhtmlMayBeClosedAtOnce() {
        String page = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><head>"
                + "<title/><script src=\"x.js\"/></head><body><a id=\"x\"/>" + ARTICLE + "</body></html>";

        assertThat(read(page, "a.xhtml").text()).isEqualTo(TEXT);
    }

    @Test
    void aSetOfFramesSaysThatItsTextIsElsewhere() {
        DocumentException failure = catchThrowableOfType(
                DocumentException.class,
                () -> read("<html><frameset><frame src=a.html><frame src=b.html></frameset></html>", "a.html"));

        assertThat(failure)
                .hasMessage("Cannot read the file: it is text/html and its text is in the files of its frames; give it"
                        + " these files instead");
    }

    @Test
    void anArticleInJatsIsReadInItsOrder() {
        ReadDocument document = read("""
                <?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2 20190208//EN" "JATS-archivearticle1.dtd">
                <article xmlns:mml="http://www.w3.org/1998/Math/MathML"><front>
                <journal-meta><journal-title>Rivers</journal-title></journal-meta>
                <article-meta><article-id>10.1</article-id><title-group><article-title>The <italic>river</italic></article-title>
                </title-group><contrib-group><contrib><name><surname>Smith</surname></name></contrib></contrib-group>
                <abstract><title>Abstract</title><p>Short &alpha; text.</p></abstract></article-meta></front>
                <body><sec><label>1</label><title>Introduction</title><p>It rises <xref>[1]</xref> in the hills<fn><p>Three.</p></fn>,
                and <inline-formula><alternatives><tex-math>\\documentclass{x}</tex-math><mml:math><mml:mi>x</mml:mi><mml:mo>=</mml:mo>
                <mml:mn>2</mml:mn></mml:math></alternatives></inline-formula> holds.</p>
                <fig><label>Fig 1</label><caption><p>A map.</p></caption></fig>
                <table-wrap><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></table-wrap></sec></body>
                <back><ack><p>Thanks.</p></ack><ref-list><ref><mixed-citation>X. 2001</mixed-citation></ref></ref-list></back></article>
                """, "a.xml");

        assertThat(document.title()).contains("The river");
        assertThat(document.text())
                .isEqualTo(
                        "The river\n\nAbstract\n\nShort α text.\n\n1 Introduction\n\nIt rises [1] in the hills, and x= 2"
                                + " holds.\n\nThree.\n\nFig 1 A map.\n\na\tb\nc\td\n\nThanks.");
        assertThat(document.leftOut())
                .isEqualTo(Map.of("details of the publication", 3, "formulas in TeX", 1, "lists of references", 1));
    }

    @Test
    void aTextInTeiIsReadInItsOrder() {
        ReadDocument document = read("""
                <TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>A poem</title></titleStmt>
                </fileDesc></teiHeader><text><body><div><head>I</head><fw>12</fw><p>It rises<note>Three springs.</note> in the
                <choice><orig>hilles</orig><reg>hills</reg></choice> and val<lb break="no"/>leys<lb/>far.</p>
                <lg><l>One line</l><l>Two lines</l></lg></div></body><back><listBibl><bibl>X. 2001</bibl></listBibl></back></text></TEI>
                """, "a.xml");

        assertThat(document.title()).contains("A poem");
        assertThat(document.text())
                .isEqualTo("I\n\nIt rises in the hills and valleys far.\n\nThree springs.\n\nOne line\nTwo lines");
        assertThat(document.leftOut())
                .isEqualTo(Map.of(
                        "headers", 1, "running heads and page numbers", 1, "other readings", 1, "references", 1));
    }

    @Test
    void ofOtherXmlTheWordsAreRead() {
        assertThat(read(
                                "<?xml version=\"1.0\"?><book><title>The river</title><chapter><para>One <b>bold</b> word.</para>"
                                        + "<para>Two.</para></chapter><row><year>1784</year><silt>1,200</silt></row></book>",
                                "a.xml")
                        .text())
                .isEqualTo("The river\n\nOne bold word.\n\nTwo.\n\n1784\n1,200");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8", "ISO-8859-1", "UTF-16", "windows-1251"})
    void xmlIsReadInTheCharsetThatItNames(String charset) {
        String text = charset.equals("windows-1251") ? "река" : "é";
        String xml = "<?xml version=\"1.0\" encoding=\"" + charset + "\"?><a>" + text + "</a>";

        assertThat(new TikaReader()
                        .read(xml.getBytes(Charset.forName(charset)), "a.xml")
                        .text())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<?xml version=\"1.0\"?><a><b>text</b>",
                "<?xml version=\"1.0\"?><a>text & more</a>",
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x0 \"ha\"><!ENTITY x1 \"&x0;&x0;&x0;&x0;&x0;&x0;&x0;&x0;&x0;&x0;\">"
                        + "<!ENTITY x2 \"&x1;&x1;&x1;&x1;&x1;&x1;&x1;&x1;&x1;&x1;\"><!ENTITY x3 \"&x2;&x2;&x2;&x2;&x2;&x2;&x2;&x2;&x2;&x2;\">"
                        + "<!ENTITY x4 \"&x3;&x3;&x3;&x3;&x3;&x3;&x3;&x3;&x3;&x3;\"><!ENTITY x5 \"&x4;&x4;&x4;&x4;&x4;&x4;&x4;&x4;&x4;&x4;\">]>"
                        + "<a>&x5;&x5;&x5;&x5;&x5;</a>"
            })
    void xmlThatIsNotWellFormedOrMultipliesIsDamaged(String xml) {
        DocumentException failure = catchThrowableOfType(DocumentException.class, () -> read(xml, "a.xml"));

        assertThat(failure.kind()).isEqualTo(Kind.UnreadableFile);
        assertThat(failure.getMessage()).contains("application/xml and damaged (");
    }

    @Test
    void xmlFetchesNothing() {
        assertThat(read(
                                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><a>x&f;y</a>",
                                "a.xml")
                        .text())
                .isEqualTo("xy");
    }

    @Test
    void ofMarkdownTheTextIsReadAndHeadingsAreLines() {
        ReadDocument document = read(
                "---\ntitle: \"The river\"\ntags: x\n---\n# Its *source*\n\nIt rises in the [hills](http://x.org), `above`\nthe"
                        + " town.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode  x\n```\n\nEnd\n===\n",
                "notes.md");

        assertThat(document.title()).contains("The river");
        assertThat(document.text())
                .isEqualTo(
                        "Its source\n\nIt rises in the hills, above the town.\n\none\ntwo\n\na\tb\n1\t2\n\ncode  x\n\nEnd");
        assertThat(document.leftOut()).isEqualTo(Map.of("settings of the document", 2));
    }

    private static ReadDocument read(String content, String name) {
        return new TikaReader().read(content.getBytes(StandardCharsets.UTF_8), name);
    }
}
