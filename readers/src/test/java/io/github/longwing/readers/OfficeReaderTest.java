package io.github.longwing.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.ReadDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of DOCX, DOC, RTF, ODT and EPUB. */
class OfficeReaderTest {
    private static final String W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private static final String RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<w:p><w:r><w:t>Kept </w:t></w:r><w:ins w:id='1'><w:r><w:t>new</w:t></w:r></w:ins><w:del w:id='2'><w:r>"
                        + "<w:delText>old</w:delText></w:r></w:del></w:p> | Kept new | deletions=1",
                "<w:p><w:moveFrom w:id='1'><w:r><w:t>here</w:t></w:r></w:moveFrom><w:moveTo w:id='2'><w:r><w:t>there</w:t></w:r>"
                        + "</w:moveTo></w:p> | there | deletions=1",
                "<w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr><w:r><w:t>One and</w:t></w:r></w:p><w:p><w:r><w:t> the same"
                        + "</w:t></w:r></w:p> | One and the same | ",
                "<w:p><w:r><w:t>Before</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r>"
                        + "</w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p>"
                        + "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t> after</w:t></w:r></w:p>"
                        + " | Before after¶¶Box | ",
                "<w:p><w:r><w:t>See</w:t></w:r><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGEREF x</w:instrText>"
                        + "</w:r><w:r><w:t> 42</w:t></w:r></w:p> | See 42 | ",
                "<w:p><w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>known</w:t><w:tab/><w:t>t</w:t><w:br/><w:t>li</w:t><w:softHyphen/>"
                        + "<w:t>ne</w:t></w:r></w:p> | well-known→t¶line | ",
                "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>seen</w:t></w:r></w:p> | seen | hidden texts=1",
                "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Click here</w:t></w:r></w:p></w:sdtContent>"
                        + "</w:sdt><w:p><w:r><w:t>text</w:t></w:r></w:p> | text | placeholders=1",
                "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>c"
                        + "</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>d</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
                        + " | a b→c¶d | ",
                "<w:p><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink><w:smartTag><w:r><w:t> tag</w:t></w:r></w:smartTag></w:p>"
                        + " | link tag | "
            })
    void aWordFileIsReadAsItIsOnceAllChangesAreAccepted(String body, String text, String leftOut) throws IOException {
        ReadDocument document = read(word(body), "a.docx");

        assertThat(document.text()).isEqualTo(text.replace('¶', '\n').replace('→', '\t'));
        assertThat(document.leftOut().toString()).isEqualTo("{" + (leftOut == null ? "" : leftOut) + "}");
    }

    @Test
    void notesOfAWordFileComeBehindTheirParagraphsAndTheRestIsCounted() throws IOException {
        byte[] file = TestFiles.zip(
                "[Content_Types].xml",
                types(WORD + ".main+xml"),
                "_rels/.rels",
                relations("officeDocument", "word/document.xml"),
                "word/_rels/document.xml.rels",
                relations(
                        "footnotes",
                        "footnotes.xml",
                        "header",
                        "header1.xml",
                        "footer",
                        "footer1.xml",
                        "comments",
                        "comments.xml",
                        "vbaProject",
                        "vbaProject.bin"),
                "word/document.xml",
                document(
                        "<w:p><w:r><w:t>It rises</w:t><w:footnoteReference w:id='2'/></w:r><w:r><w:t> in the hills.</w:t></w:r>"
                                + "</w:p><w:p><w:r><w:t>It floods.</w:t></w:r></w:p>"),
                "word/footnotes.xml",
                "<w:footnotes xmlns:w='" + W
                        + "'><w:footnote w:id='2'><w:p><w:r><w:t>Three springs.</w:t></w:r></w:p></w:footnote>"
                        + "</w:footnotes>",
                "word/header1.xml",
                "<w:hdr xmlns:w='" + W + "'><w:p><w:r><w:t>Head</w:t></w:r></w:p></w:hdr>",
                "word/footer1.xml",
                "<w:ftr xmlns:w='" + W + "'><w:p/></w:ftr>",
                "word/comments.xml",
                "<w:comments xmlns:w='" + W
                        + "'><w:comment w:id='0'><w:p><w:r><w:t>Why?</w:t></w:r></w:p></w:comment></w:comments>",
                "word/vbaProject.bin",
                "x");
        ReadDocument document = read(file, "a.docm");

        assertThat(document.text()).isEqualTo("It rises in the hills.\n\nThree springs.\n\nIt floods.");
        assertThat(document.leftOut()).isEqualTo(Map.of("headers and footers", 1, "comments", 1, "macros", 1));
    }

    @Test
    void theNumbersThatWordMakesAreRead() throws IOException {
        String numbers = level(0, "decimal", "%1.", "<w:pStyle w:val='Heading1'/>")
                + level(1, "lowerLetter", "%1.%2)", "<w:pStyle w:val='Heading2'/>")
                + level(2, "upperRoman", "(%3)", "<w:suff w:val='nothing'/>")
                + level(3, "decimal", "%1.%2.%3.%4", "<w:isLgl/>");
        String numbering = "<w:numbering xmlns:w='" + W + "'><w:abstractNum w:abstractNumId='7'>" + numbers
                + "</w:abstractNum><w:abstractNum w:abstractNumId='8'>" + level(0, "bullet", "\uF0B7", "")
                + "</w:abstractNum><w:abstractNum w:abstractNumId='9'>"
                + level(0, "decimalZero", "Article %1:", "").replace("w:start w:val='1'", "w:start w:val='9'")
                + "</w:abstractNum>"
                + "<w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>"
                + "<w:num w:numId='2'><w:abstractNumId w:val='8'/></w:num>"
                + "<w:num w:numId='3'><w:abstractNumId w:val='9'/></w:num>"
                + "<w:num w:numId='4'><w:abstractNumId w:val='7'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/>"
                + "</w:lvlOverride></w:num></w:numbering>";
        String styles =
                "<w:styles xmlns:w='" + W + "'><w:style w:styleId='Heading1'><w:pPr><w:numPr><w:numId w:val='1'/>"
                        + "</w:numPr></w:pPr></w:style><w:style w:styleId='Heading2'><w:basedOn w:val='Heading1'/></w:style>"
                        + "</w:styles>";
        String body = styled("Heading1", "Source")
                + styled("Heading2", "Springs")
                + styled("Heading2", "Hills")
                + listed(1, 2, "north")
                + listed(1, 2, "south")
                + listed(1, 3, "deep")
                + styled("Heading1", "Flood")
                + styled("Heading2", "Rain")
                + listed(2, 0, "a bullet")
                + listed(3, 0, "on boats")
                + listed(3, 0, "on bridges")
                + "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='3'/></w:numPr></w:pPr></w:p>"
                + listed(3, 0, "behind an empty one")
                + listed(0, 0, "not in a list any more")
                + "<w:p><w:pPr><w:pPrChange w:id='1'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:pPrChange>"
                + "</w:pPr><w:r><w:t>taken out of a list</w:t></w:r></w:p>"
                + "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='4'/></w:numPr></w:pPr><w:r><w:txbxContent><w:p><w:r>"
                + "<w:t>Box</w:t></w:r></w:p></w:txbxContent></w:r><w:r><w:t>Mouth</w:t></w:r></w:p>"
                + listed(4, 1, "delta");
        byte[] file = TestFiles.zip(
                "[Content_Types].xml",
                types(WORD + ".main+xml"),
                "_rels/.rels",
                relations("officeDocument", "word/document.xml"),
                "word/_rels/document.xml.rels",
                relations("numbering", "numbering.xml", "styles", "styles.xml"),
                "word/numbering.xml",
                numbering,
                "word/styles.xml",
                styles,
                "word/document.xml",
                document(body));

        assertThat(read(file, "a.docx").text().split("\n\n"))
                .containsExactly(
                        "1. Source",
                        "1.a) Springs",
                        "1.b) Hills",
                        "(I)north",
                        "(II)south",
                        "1.2.2.1 deep",
                        "2. Flood",
                        "2.a) Rain",
                        "a bullet",
                        "Article 09: on boats",
                        "Article 10: on bridges",
                        "Article 12: behind an empty one",
                        "not in a list any more",
                        "taken out of a list",
                        "5. Mouth",
                        "Box",
                        "5.a) delta");
    }

    private static String level(int level, String format, String text, String more) {
        return "<w:lvl w:ilvl='" + level + "'><w:start w:val='1'/><w:numFmt w:val='" + format + "'/>" + more
                + "<w:lvlText w:val='" + text + "'/></w:lvl>";
    }

    private static String styled(String style, String text) {
        return "<w:p><w:pPr><w:pStyle w:val='" + style + "'/></w:pPr><w:r><w:t>" + text + "</w:t></w:r></w:p>";
    }

    private static String listed(int number, int level, String text) {
        return "<w:p><w:pPr><w:numPr><w:ilvl w:val='" + level + "'/><w:numId w:val='" + number
                + "'/></w:numPr></w:pPr><w:r><w:t>" + text + "</w:t></w:r></w:p>";
    }

    @ParameterizedTest
    @CsvSource({
        "application/vnd.ms-word.document.macroEnabled.main+xml, true",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml, true",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml, false",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml, false"
    })
    void ofOfficeFilesThoseWithTextAreRead(String type, boolean text) throws IOException {
        byte[] file = TestFiles.zip(
                "[Content_Types].xml",
                types(type),
                "_rels/.rels",
                relations("officeDocument", "word/document.xml"),
                "word/document.xml",
                document("<w:p><w:r><w:t>text</w:t></w:r></w:p>"));

        if (text) {
            assertThat(read(file, "a.docx").text()).isEqualTo("text");
        } else {
            assertThat(catchThrowableOfType(DocumentException.class, () -> read(file, "a.docx")))
                    .hasMessageStartingWith("Cannot read the file: it is a s")
                    .hasMessageContaining("(" + type.replace(".main+xml", "") + "), expected");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.html | <html><body><p>The <b>river</b></p></body></html>",
                "a.mht | MIME-Version: 1.0¶Content-Type: multipart/related; boundary=B¶¶--B¶Content-Type: text/html¶¶<p>The river</p>¶--B--¶",
                "a.rtf | {\\rtf1 The river}",
                "a.txt | The river"
            })
    void whatProgramsLeaveToWordToPutInIsRead(String name, String chunk) throws IOException {
        byte[] file = TestFiles.zip(
                "[Content_Types].xml",
                types(WORD + ".main+xml"),
                "_rels/.rels",
                relations("officeDocument", "word/document.xml"),
                "word/_rels/document.xml.rels",
                relations("aFChunk", name),
                "word/document.xml",
                document("<w:p><w:r><w:t>Before</w:t></w:r></w:p><w:altChunk r:id='r0' xmlns:r='" + RELATIONS
                        + "'/><w:p><w:r><w:t>after</w:t></w:r></w:p>"),
                "word/" + name,
                chunk.replace('¶', '\n'));

        assertThat(read(file, "a.docx").text()).isEqualTo("Before\n\nThe river\n\nafter");
    }

    @Test
    void aPartWithAWrongChecksumIsDamage() throws IOException {
        byte[] file = word("<w:p><w:r><w:t>text</w:t></w:r></w:p>");
        // the first checksum of the directory at the end
        String bytes = new String(file, StandardCharsets.ISO_8859_1);
        for (int at = bytes.indexOf("PK\u0001\u0002"); at >= 0; at = bytes.indexOf("PK\u0001\u0002", at + 1)) {
            file[at + 16] ^= 1;
        }

        assertThat(catchThrowableOfType(DocumentException.class, () -> read(file, "a.docx")))
                .hasMessageContaining("and damaged (the checksum of its part");
    }

    @Test
    void aWordFileOf1997IsReadAsItIsOnceAllChangesAreAccepted() throws IOException {
        ReadDocument document = read(TestFiles.file("word97.doc"), "word97.doc");

        assertThat(document.text())
                .isEqualTo(
                        "Heading one\n\nKept inserted end.\n\nThe footnote.\n\nBefore box after box.\n\nno-break-hyphen"
                                + "\ttab\nline\n\na\tb\nc\td\n\nCommented\n\nBox text");
        assertThat(document.leftOut())
                .isEqualTo(Map.of("deletions", 1, "hidden texts", 1, "comments", 1, "headers and footers", 1));
        assertThat(catchThrowableOfType(
                                DocumentException.class,
                                () -> read(TestFiles.firstPart(TestFiles.file("word97.doc"), 0.5), "a.doc"))
                        .kind())
                .isEqualTo(Kind.UnreadableFile);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\\rtf1\\ansi\\ansicpg1252 Caf\\'e9 is {\\deleted gone }open\\u8364?.\\par Next\\tab tab\\line line.\\par}"
                        + " | Café is open€.¶¶Next→tab¶line.",
                "{\\rtf1{\\header Head}{\\footer Foot}It rises{\\footnote {\\pard Three springs.}} here.\\par It floods.\\par}"
                        + " | It rises here.¶¶Three springs.¶¶It floods.",
                "{\\rtf1\\trowd\\cellx1\\cellx2\\pard\\intbl a\\cell b\\cell\\row\\trowd\\pard\\intbl c\\cell d\\cell\\row\\pard end\\par}"
                        + " | a→b¶c→d¶¶end",
                "{\\rtf1{\\fonttbl{\\f0 Times;}{\\f1\\fcharset204 Times;}}\\f1 \\'d0\\'e5\\'ea\\'e0\\f0  \\'e9} | Река é",
                "{\\rtf1\\mac caf\\'8e} | café",
                "{\\rtf1{\\fonttbl{\\f0\\fcharset128 MS;}}\\f0 \\'93\\'fa\\'96\\'7b} | 日本",
                "{\\rtf1\\uc2 \\u26085\\'93\\'fa x} | 日 x",
                "{\\rtf1 {\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt link}} {\\pict 00ff}{\\*\\unknown no}{\\v hidden}well\\_known\\-x\\~y}"
                        + " | link well-knownx y",
                "{\\rtf1 {\\*\\annotation why}{\\listtext 1.\\tab}one\\par {\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt Box}}"
                        + "{\\shprslt Box}}two\\par} | 1. one¶¶two¶¶Box",
                "{\\rtf1 \\ldblquote it\\rquote s\\rdblquote \\emdash x \\bin3 }}}y} | “it’s”—x y"
            })
    void rtfIsReadAsItIsOnceAllChangesAreAccepted(String rtf, String text) {
        assertThat(read(rtf.getBytes(StandardCharsets.ISO_8859_1), "a.rtf").text())
                .isEqualTo(text.replace('¶', '\n').replace('→', '\t'));
    }

    @Test
    void ofRtfTheTitleIsReadAndWhatIsLeftOutCounted() {
        ReadDocument document = read(
                "{\\rtf1{\\info{\\title The river}{\\author A}}{\\header Head}{\\deleted x}y}"
                        .getBytes(StandardCharsets.US_ASCII),
                "a.rtf");

        assertThat(document.title()).contains("The river");
        assertThat(document.text()).isEqualTo("y");
        assertThat(document.leftOut()).isEqualTo(Map.of("headers and footers", 1, "deletions", 1));
    }

    @Test
    void rtfThatWasCutIsDamaged() {
        assertThat(catchThrowableOfType(
                        DocumentException.class,
                        () -> read("{\\rtf1 {\\b half".getBytes(StandardCharsets.US_ASCII), "a.rtf")))
                .hasMessageContaining("application/rtf and damaged (its end is missing)");
    }

    @Test
    void anOpenDocumentIsReadAsItIsOnceAllChangesAreAccepted() throws IOException {
        ReadDocument document = read(openDocument(""), "a.odt");

        assertThat(document.title()).contains("The river");
        assertThat(document.pages()).hasValue(3);
        assertThat(document.text())
                .isEqualTo(
                        "Its source\n\nIt rises in the hills.\n\nThree springs.\n\nBox\n\none\ntwo\tx\n\na\tb\nc\td");
        assertThat(document.leftOut())
                .isEqualTo(
                        Map.of("deletions", 1, "comments", 1, "headers and footers", 1, "descriptions of pictures", 1));
    }

    @Test
    void anEncryptedOpenDocumentIsEncrypted() throws IOException {
        assertThat(catchThrowableOfType(
                                DocumentException.class,
                                () -> read(openDocument("<manifest:encryption-data/>"), "a.odt"))
                        .kind())
                .isEqualTo(Kind.EncryptedFile);
    }

    private static byte[] openDocument(String manifest) throws IOException {
        String names = " xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'"
                + " xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'"
                + " xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0'"
                + " xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0'"
                + " xmlns:svg='urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0'"
                + " xmlns:style='urn:oasis:names:tc:opendocument:xmlns:style:1.0'"
                + " xmlns:meta='urn:oasis:names:tc:opendocument:xmlns:meta:1.0' xmlns:dc='http://purl.org/dc/elements/1.1/'";
        return TestFiles.zip(
                "mimetype",
                "application/vnd.oasis.opendocument.text",
                "META-INF/manifest.xml",
                "<manifest:manifest xmlns:manifest='m'>" + manifest + "</manifest:manifest>",
                "meta.xml",
                "<office:document-meta" + names + "><office:meta><dc:title>The river</dc:title><meta:document-statistic"
                        + " meta:page-count='3'/></office:meta></office:document-meta>",
                "styles.xml",
                "<office:document-styles" + names + "><style:header><text:p>Head</text:p></style:header><style:footer/>"
                        + "</office:document-styles>",
                "content.xml",
                "<office:document-content" + names
                        + "><office:body><office:text><text:tracked-changes><text:changed-region>"
                        + "<text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>"
                        + "<text:h>Its source</text:h><text:p>It<text:s/>rises<text:note><text:note-citation>1</text:note-citation>"
                        + "<text:note-body><text:p>Three springs.</text:p></text:note-body></text:note> in the"
                        + "<office:annotation><text:p>Why?</text:p></office:annotation> hills."
                        + "<draw:frame><draw:text-box><text:p>Box</text:p></draw:text-box><svg:title>alt</svg:title></draw:frame></text:p>"
                        + "<text:list><text:list-item><text:p>one<text:line-break/>two<text:tab/>x</text:p></text:list-item></text:list>"
                        + "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell>"
                        + "<text:p>b</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>c</text:p>"
                        + "</table:table-cell><table:table-cell><text:p>d</text:p></table:table-cell></table:table-row></table:table>"
                        + "</office:text></office:body></office:document-content>");
    }

    @Test
    void theChaptersOfAnEpubAreReadInTheirOrder() throws IOException {
        ReadDocument document = read(epub(""), "a.epub");

        assertThat(document.title()).contains("The river");
        assertThat(document.text()).isEqualTo("One\n\nIt rises.\n\nTwo\n\nIt floods.");
        assertThat(document.leftOut()).isEqualTo(Map.of("navigation", 1));
    }

    @Test
    void anEpubWhoseChaptersAreEncryptedIsEncryptedAndOneWithGarbledFontsIsNot() throws IOException {
        String reference =
                "<encryption><EncryptedData><CipherData><CipherReference URI='%s'/></CipherData></EncryptedData></encryption>";

        assertThat(catchThrowableOfType(
                                DocumentException.class,
                                () -> read(epub(reference.formatted("OEBPS/text/b%20c.xhtml")), "a.epub"))
                        .kind())
                .isEqualTo(Kind.EncryptedFile);
        assertThat(read(epub(reference.formatted("OEBPS/font.otf")), "a.epub").text())
                .startsWith("One");
    }

    private static byte[] epub(String encryption) throws IOException {
        String page =
                "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head><body>%s</body></html>";
        return TestFiles.zip(
                "mimetype",
                "application/epub+zip",
                "META-INF/container.xml",
                "<container><rootfiles><rootfile full-path='OEBPS/content.opf'/></rootfiles></container>",
                "META-INF/encryption.xml",
                encryption,
                "OEBPS/content.opf",
                "<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata><dc:title>The river</dc:title></metadata><manifest>"
                        + "<item id='n' href='nav.xhtml' media-type='application/xhtml+xml' properties='nav'/>"
                        + "<item id='b' href='text/b%20c.xhtml' media-type='application/xhtml+xml'/>"
                        + "<item id='a' href='text/a.xhtml' media-type='application/xhtml+xml'/></manifest>"
                        + "<spine><itemref idref='n'/><itemref idref='b'/><itemref idref='a'/></spine></package>",
                "OEBPS/nav.xhtml",
                page.formatted("<nav>Contents</nav>"),
                "OEBPS/text/a.xhtml",
                page.formatted("<h1>Two</h1><p>It floods.</p>"),
                "OEBPS/text/b c.xhtml",
                page.formatted("<h1>One</h1><p>It rises.</p>"));
    }

    private static byte[] word(String body) throws IOException {
        return TestFiles.zip(
                "[Content_Types].xml",
                types(WORD + ".main+xml"),
                "_rels/.rels",
                relations("officeDocument", "word/document.xml"),
                "word/document.xml",
                document(body));
    }

    private static String document(String body) {
        return "<w:document xmlns:w='" + W
                + "' xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><w:body>" + body
                + "</w:body></w:document>";
    }

    private static String types(String main) {
        return "<Types><Override PartName='/word/document.xml' ContentType='" + main + "'/></Types>";
    }

    private static String relations(String... pairs) {
        StringBuilder relations = new StringBuilder("<Relationships>");
        for (int i = 0; i < pairs.length; i += 2) {
            relations.append("<Relationship Id='r" + i + "' Type='" + RELATIONS + "/" + pairs[i] + "' Target='"
                    + pairs[i + 1] + "'/>");
        }
        return relations.append("</Relationships>").toString();
    }

    private static ReadDocument read(byte[] content, String name) {
        return new TikaReader().read(content, name);
    }
}
