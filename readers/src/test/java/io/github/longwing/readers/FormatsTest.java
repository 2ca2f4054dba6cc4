package io.github.longwing.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.junit.jupiter.api.Test;

/** What docs/formats.md promises, name by name and class by class. */
class FormatsTest {
    private static final Path PAGE = Path.of("..", "docs", "formats.md");
    private static final Pattern NAME = Pattern.compile("`(\\.\\w+)`");
    private static final Pattern CLASS = Pattern.compile("\\| `(\\w+)` \\|");

    @Test
    void aFileOfEachNameIsRead() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : Set.of(".docx", ".docm", ".dotx")) {
            files.put(name, TestFiles.word("", "river ", 1));
        }
        try (PdfPages pages = new PdfPages()) {
            files.put(".pdf", pages.page().line(60, 500, 11, "The river").bytes());
        }
        files.put(".doc", TestFiles.file("word97.doc"));
        files.put(".rtf", bytes("{\\rtf1 The river\\par}"));
        String html = "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>The river</p></body></html>";
        files.put(".html", bytes(html));
        files.put(".htm", bytes(html));
        files.put(".xhtml", bytes(html));
        String text = "<office:text><text:p>The river</text:p></office:text>";
        String names = " xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'"
                + " xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'";
        files.put(
                ".odt",
                TestFiles.zip(
                        "mimetype",
                        "application/vnd.oasis.opendocument.text",
                        "content.xml",
                        "<office:document-content" + names + ">" + text + "</office:document-content>"));
        files.put(".fodt", bytes("<?xml version='1.0'?><office:document" + names + ">" + text + "</office:document>"));
        files.put(
                ".epub",
                TestFiles.zip(
                        "META-INF/container.xml",
                        "<rootfile full-path='a.opf'/>",
                        "a.opf",
                        "<package><item id='a' href='a.html' media-type='application/xhtml+xml'/><itemref idref='a'/></package>",
                        "a.html",
                        html));
        String jats = "<?xml version='1.0'?><article><body><p>The river</p></body></article>";
        files.put(".xml", bytes(jats));
        files.put(".nxml", bytes(jats));
        files.put(".tei", bytes("<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><p>The river</p></text></TEI>"));
        files.put(".md", bytes("# The *river*\n"));
        files.put(".markdown", bytes("# The *river*\n"));
        String mail = "From: a@x.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>The river</p>";
        files.put(".eml", bytes(mail));
        files.put(".mht", bytes(mail));
        files.put(".mbox", bytes("From a@x.org Thu Jan  1 10:00:00 2026\n" + mail));
        Map<String, byte[]> outlook = new LinkedHashMap<>();
        outlook.put("__properties_version1.0", new byte[32]);
        outlook.put("__substg1.0_1000001F", "The river".getBytes(StandardCharsets.UTF_16LE));
        files.put(".msg", TestFiles.ole(outlook));
        for (String name : Set.of(".txt", ".text", ".json", ".csv")) {
            files.put(name, bytes("The river"));
        }

        assertThat(files.keySet()).containsExactlyInAnyOrderElementsOf(found(NAME));
        files.forEach((name, content) -> assertThat(
                        new TikaReader().read(content, "a" + name).text())
                .as(name)
                .isEqualTo(name.equals(".doc") ? documentOf1997() : name.startsWith(".do") ? "river" : "The river"));
    }

    private static String documentOf1997() {
        try {
            return new TikaReader().read(TestFiles.file("word97.doc"), "a.doc").text();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aFileOfEachRefusalIsRefused() throws IOException {
        Map<Kind, byte[]> files = new LinkedHashMap<>();
        files.put(Kind.EmptyText, new byte[0]);
        files.put(Kind.EncryptedFile, TestFiles.file("needs-a-password.pdf"));
        try (PdfPages pages = new PdfPages()) {
            pages.page();
            try (PDPageContentStream stream = new PDPageContentStream(pages.document, pages.current())) {
                java.awt.image.BufferedImage image =
                        new java.awt.image.BufferedImage(10, 10, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
                stream.drawImage(LosslessFactory.createFromImage(pages.document, image), 0, 0, 400, 500);
            }
            files.put(Kind.ScannedFile, pages.bytes());
        }
        byte[] noCharset = new byte[200];
        for (int i = 0; i < noCharset.length; i++) {
            noCharset[i] = (byte) (i % 3 == 0 ? 'A' : i % 3 == 1 ? 0x8D : 0x9D);
        }
        files.put(Kind.UndecodableText, noCharset);
        files.put(Kind.UnreadableFile, TestFiles.zip("a.txt", "hello"));
        byte[] page = new byte[(64 << 20) + 1];
        java.util.Arrays.fill(page, (byte) 'a');
        files.put(Kind.TextTooLong, page);

        Set<String> promised = found(CLASS);
        promised.remove(Kind.FileTooLarge.name()); // before a file is read
        assertThat(files.keySet().stream().map(Kind::name).toList()).containsExactlyInAnyOrderElementsOf(promised);
        files.forEach((kind, content) -> assertThat(
                        catchThrowableOfType(DocumentException.class, () -> new TikaReader().read(content, "a.txt"))
                                .kind())
                .isEqualTo(kind));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Set<String> found(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult result) -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
