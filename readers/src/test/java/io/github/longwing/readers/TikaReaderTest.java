package io.github.longwing.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.DocumentReader;
import io.github.longwing.fileformat.ReadDocument;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of files of every kind, whole and damaged. */
class TikaReaderTest {
    private static final String TITLE = "The river and the valley";
    private static final String EXPECTED = ", expected PDF, HTML, DOCX or plain text; convert it before";

    private final DocumentReader reader = new TikaReader();

    @Test
    void isFoundAsAService() {
        assertThat(DocumentReader.find()).containsInstanceOf(TikaReader.class);
    }

    @Test
    void aPdfHasParagraphsTitleAndPages() throws IOException {
        ReadDocument document = reader.read(TestFiles.file("one-column.pdf"), "one-column.pdf");

        assertThat(document.title()).contains(TITLE);
        assertThat(document.pages()).hasValue(1);
        assertThat(document.text()).startsWith("Journal of Rivers, volume 12\n\n1\n\nThe river and the valley\n");
        assertThat(document.text()).contains("June to September.\n\nIn spring it floods the valley. The water stays");
        assertThat(document.text()).contains("“for the\ncomfort of the salmon”, as the mason's bill has it.\n\nSince");
    }

    @Test
    void columnsOfAPdfAreReadOneAfterTheOther() throws IOException {
        String text = reader.read(TestFiles.file("two-columns.pdf"), "two-columns.pdf")
                .text();

        assertThat(text.replace('\n', ' '))
                .contains("In dry years two of them fail, and the mill stands still from June to September.  In spring")
                .contains("The council has asked for water to be let through in March, as a trial for three years");
    }

    @Test
    void aPdfThatAsksForAPasswordIsEncrypted() throws IOException {
        refused(
                TestFiles.file("needs-a-password.pdf"),
                "a.pdf",
                Kind.EncryptedFile,
                "Cannot read the file: it is application/pdf and encrypted, expected one that opens without a password;"
                        + " decrypt it before");
    }

    @Test
    void anEncryptedPdfThatOpensForAllIsRead() throws IOException {
        assertThat(reader.read(TestFiles.file("opens-for-all.pdf"), "a.pdf"))
                .isEqualTo(reader.read(TestFiles.file("one-column.pdf"), "a.pdf"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.3, 0.5, 0.9, 0.99})
    void aPdfThatWasCutIsDamaged(double share) throws IOException {
        refused(
                TestFiles.firstPart(TestFiles.file("one-column.pdf"), share),
                "a.pdf",
                Kind.UnreadableFile,
                "Cannot read the file: it is application/pdf and damaged (its end is missing), expected a file that is"
                        + " whole; mend or replace it");
    }

    @Test
    void aPdfWithSomethingBehindItsEndIsRead() throws IOException {
        byte[] pdf = TestFiles.file("one-column.pdf");
        byte[] more = Arrays.copyOf(pdf, pdf.length + 5_000);

        assertThat(reader.read(more, "a.pdf")).isEqualTo(reader.read(pdf, "a.pdf"));
    }

    @Test
    void aPdfOfWhichAPageCannotBeUnpackedIsDamaged() {
        StringBuilder operators = new StringBuilder("BT /F 12 Tf ");
        new Random(1).ints(5_000, 'a', 'z').forEach(letter -> operators.append("(" + (char) letter + ") Tj "));
        byte[] packed = TestFiles.packed(operators.append("ET").toString().getBytes(StandardCharsets.US_ASCII));
        int half = packed.length / 2;
        System.arraycopy(TestFiles.random(half), 0, packed, half, half);

        assertThat(failure(TestFiles.pdfOfPacked(packed), "a.pdf").getMessage())
                .startsWith("Cannot read the file: it is application/pdf and damaged (invalid ");
    }

    @Test
    void aPdfWhosePageUnpacksToFarMoreThanItIsIsRefused() {
        byte[] operators = "BT /F 12 Tf (boom) Tj ET\n".repeat(200_000).getBytes(StandardCharsets.US_ASCII);
        byte[] pdf = TestFiles.pdf(operators);
        int packed = TestFiles.packed(operators).length;

        assertThat(pdf.length).isLessThan(30_000);
        refused(
                pdf,
                "bomb.pdf",
                Kind.UnreadableFile,
                "Cannot read the file: it is application/pdf and damaged (a page of " + packed + " bytes has more than "
                        + Math.max(1 << 20, 100 * packed)
                        + " unpacked), expected a file that is whole; mend or replace it");
    }

    @Test
    void aPdfNeedsNoFontsOfTheMachine() {
        byte[] operators = "BT /F 12 Tf 10 200 Td (Hello there) Tj ET".getBytes(StandardCharsets.US_ASCII);

        assertThat(reader.read(TestFiles.pdf(operators), "a.pdf").text()).isEqualTo("Hello there");
    }

    @Test
    void aWordFileHasParagraphsListsTablesAndItsHeader() throws IOException {
        ReadDocument document = reader.read(TestFiles.file("word.docx"), "word.docx");

        assertThat(document.title()).contains(TITLE);
        assertThat(document.pages()).hasValue(1);
        assertThat(document.text())
                .startsWith("Journal of Rivers, volume 12\n\nThe river\n\nThe river rises in the hills above the town,"
                        + " where three springs")
                .contains("for as long as anyone has written it down.\n\n")
                .contains("three springs\n\n")
                .contains("Year\tSilt, tons\n1784\t1,200\n\nA bridge of seven arches")
                .endsWith("as the mason's bill has it.");
    }

    @Test
    void anEncryptedWordFileIsEncrypted() throws Exception {
        java.io.ByteArrayOutputStream encrypted = new java.io.ByteArrayOutputStream();
        try (POIFSFileSystem container = new POIFSFileSystem()) {
            Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword("secret");
            try (java.io.OutputStream stream = encryptor.getDataStream(container)) {
                stream.write(TestFiles.file("word.docx"));
            }
            container.writeFilesystem(encrypted);
        }

        assertThat(failure(encrypted.toByteArray(), "word.docx").kind()).isEqualTo(Kind.EncryptedFile);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.99})
    void aWordFileThatWasCutIsDamaged(double share) throws IOException {
        DocumentException failure = failure(TestFiles.firstPart(TestFiles.file("word.docx"), share), "word.docx");

        assertThat(failure.kind()).isEqualTo(Kind.UnreadableFile);
        assertThat(failure.getMessage()).contains("wordprocessingml.document and damaged (");
    }

    @Test
    void aWordFileThatIsAZipBombIsRefused() throws IOException {
        byte[] bomb = TestFiles.word("", "boom ", 20_000_000);

        assertThat(bomb.length).isLessThan(400_000);
        assertThat(failure(bomb, "bomb.docx").getMessage())
                .contains("and damaged (")
                .containsIgnoringCase("zip bomb");
    }

    @Test
    void aTextOfMoreCharactersThanTextsMayHaveIsRefused() {
        byte[] page = new byte[(64 << 20) + 1];
        Arrays.fill(page, (byte) 'a');

        refused(
                page,
                "long.html",
                Kind.TextTooLong,
                "Cannot read the file: its text has more than 67108864 characters, expected at most as many; split it"
                        + " before");
    }

    @Test
    void entitiesThatMultiplyAreRefused() throws IOException {
        StringBuilder entities = new StringBuilder("<!DOCTYPE x [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 9; i++) {
            entities.append("<!ENTITY a" + i + " \"" + ("&a" + (i - 1) + ";").repeat(10) + "\">");
        }

        assertThat(failure(TestFiles.word(entities + "]>", "&a8;", 1), "a.docx").kind())
                .isEqualTo(Kind.UnreadableFile);
    }

    @Test
    void aPageOfHtmlHasItsTextWithoutScriptsAndStyles() {
        ReadDocument document = read("""
                <html><head><title> The
                river </title><style>p { color: red }</style></head><body>
                <nav><a href="/">Home</a> <a href="/x">About</a></nav>
                <script>document.write("<p>no</p>")</script><noscript>Turn it on</noscript>
                <section><h1>The <b>river</b></h1><p>It rises
                in the&nbsp;hills.<p>It floods &amp; falls.<br>Twice.</section>
                <ul><li>one<li><p>two</p></ul>
                <table><tr><th>a<th>b<tr><td><p>1</p><p>2</p><td>3</table>
                <pre>keep
                  this</pre>the end</body></html>
                """, "a.html");

        assertThat(document.title()).contains("The river");
        assertThat(document.pages()).isEmpty();
        assertThat(document.text())
                .isEqualTo(
                        "Home About\n\nThe river\n\nIt rises in the hills.\n\nIt floods & falls.\nTwice.\n\none\n\ntwo\n\n"
                                + "a\tb\n1 2\t3\n\nkeep\n  this\n\nthe end");
    }

    @ParameterizedTest
    @CsvSource({"windows-1252, é “x” €", "Shift_JIS, 日本語の川", "ISO-8859-5, река", "UTF-8, река 日"})
    void aPageOfHtmlIsReadInTheCharsetThatItNames(String charset, String text) {
        String page = "<html><head><meta charset=\"" + charset + "\"></head><body>" + text + "</body></html>";

        assertThat(reader.read(page.getBytes(Charset.forName(charset)), "a.html")
                        .text())
                .isEqualTo(text);
    }

    @Test
    void aPageOfHtmlThatNamesNoCharsetIsUtf8WhereItCanBe() {
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

    @ParameterizedTest
    @CsvSource({
        "UTF-8, english", "UTF-16LE, english", "UTF-16BE, english", "UTF-32LE, english",
        "windows-1252, english", "ISO-8859-1, french", "windows-1251, russian", "KOI8-R, russian",
        "Shift_JIS, japanese", "EUC-JP, japanese", "ISO-2022-JP, japanese", "GB18030, chinese"
    })
    void aTextIsReadInItsCharset(String charset, String language) {
        String text =
                switch (language) {
                    case "english" -> "The café served naïve guests – “quoted” text – for €5.";
                    case "french" -> "L'été dernier, les élèves français étaient à la fenêtre de la forêt.";
                    case "russian" -> "Река начинается в горах и весной затопляет долину.";
                    case "japanese" -> "日本語の文章です。川は山から流れて谷を潤します。";
                    case "chinese" -> "河流发源于山中，春天淹没山谷。农民在两岸种植大麦已有很久。";
                    default -> throw new IllegalArgumentException(language);
                };
        String paragraphs = (text + " ").repeat(5).strip() + "\n\n" + text;

        assertThat(reader.read(paragraphs.getBytes(Charset.forName(charset)), "a.txt")
                        .text())
                .isEqualTo(paragraphs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void aByteOrderMarkDecidesAndIsNoPartOfTheText(String charset) {
        assertThat(reader.read("\uFEFF日 река".getBytes(Charset.forName(charset)), "a.txt")
                        .text())
                .isEqualTo("日 река");
    }

    @Test
    void utf8IsNoticedWhereverItsFirstLetterIs() {
        String text = "a ".repeat(100_000) + "é";

        assertThat(read(text, "a.txt").text()).isEqualTo(text);
    }

    @Test
    void lineEndsOfOtherSystemsBecomeLineFeeds() {
        assertThat(read("one\r\n\r\ntwo\rthree", "a.txt").text()).isEqualTo("one\n\ntwo\nthree");
    }

    @ParameterizedTest
    @CsvSource({"notes.md, <h1>Marks</h1> stay", "mail.txt, From: a", "data.json, {}", "noname, just words"})
    void whatItsNameCallsATextIsOne(String name, String text) {
        assertThat(read(text, name).text()).isEqualTo(text);
    }

    @Test
    void aPdfIsOneWhateverItsName() throws IOException {
        assertThat(reader.read(TestFiles.file("one-column.pdf"), "download.txt").pages())
                .hasValue(1);
    }

    @Test
    void anEmptyFileHasNoText() {
        refused(
                new byte[0],
                "a.pdf",
                Kind.EmptyText,
                "Cannot read the file: it is empty, expected PDF, HTML, DOCX or plain text");
    }

    @Test
    void filesOfOtherKindsAreNamed() throws IOException {
        String it = "Cannot read the file: it is ";
        refused(TestFiles.random(5_000), "a.bin", Kind.UnreadableFile, it + "application/octet-stream" + EXPECTED);
        refused(TestFiles.random(5_000), "a.txt", Kind.UnreadableFile, it + "application/octet-stream" + EXPECTED);
        refused(TestFiles.zip("a.txt", "hello"), "a.zip", Kind.UnreadableFile, it + "application/zip" + EXPECTED);
        refused(bytes("{\\rtf1 hello}"), "a.rtf", Kind.UnreadableFile, it + "application/rtf" + EXPECTED);
        refused(bytes("<?xml version=\"1.0\"?><a/>"), "a", Kind.UnreadableFile, it + "application/xml" + EXPECTED);
    }

    private ReadDocument read(String content, String name) {
        return reader.read(bytes(content), name);
    }

    private void refused(byte[] content, String name, Kind kind, String message) {
        DocumentException failure = failure(content, name);
        assertThat(failure).hasMessage(message);
        assertThat(failure.kind()).isEqualTo(kind);
    }

    private DocumentException failure(byte[] content, String name) {
        return catchThrowableOfType(DocumentException.class, () -> reader.read(content, name));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
