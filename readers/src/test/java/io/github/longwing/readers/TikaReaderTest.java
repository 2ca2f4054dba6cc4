package io.github.longwing.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.DocumentReader;
import io.github.longwing.fileformat.ReadDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
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
    private static final String EXPECTED =
            ", expected PDF, HTML, DOCX, DOC, RTF, ODT, EPUB, XML, Markdown, mail or plain text; convert it before";

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
        assertThat(document.leftOut()).isEqualTo(Map.of("page numbers", 1));
        assertThat(document.text())
                .startsWith("Journal of Rivers, volume 12\n\nThe river and the valley\n\nThe river rises");
        assertThat(document.text()).contains("June to September.\n\nIn spring it floods the valley. The water stays");
        assertThat(document.text()).contains("“for the comfort of the salmon”, as the mason's bill has it.\n\nSince");
    }

    @Test
    void columnsOfAPdfAreReadOneAfterTheOther() throws IOException {
        assertThat(reader.read(TestFiles.file("two-columns.pdf"), "two-columns.pdf"))
                .isEqualTo(reader.read(TestFiles.file("one-column.pdf"), "one-column.pdf"));
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
                .contains("application/pdf and damaged (");
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
    void aWordFileHasParagraphsListsAndTables() throws IOException {
        ReadDocument document = reader.read(TestFiles.file("word.docx"), "word.docx");

        assertThat(document.title()).contains(TITLE);
        assertThat(document.pages()).hasValue(1);
        assertThat(document.leftOut()).isEqualTo(Map.of("headers and footers", 1));
        assertThat(document.text())
                .startsWith("The river\n\nThe river rises in the hills above the town, where three springs")
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

    @ParameterizedTest
    @CsvSource({
        "notes.txt, <h1>Marks</h1> stay",
        "mail.txt, From: a",
        "data.json, {}",
        "noname, just words",
        "a.html, no marks"
    })
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
                "Cannot read the file: it is empty" + EXPECTED.replace("; convert it before", ""));
    }

    @Test
    void filesOfOtherKindsAreNamed() throws IOException {
        String it = "Cannot read the file: it is ";
        refused(TestFiles.random(5_000), "a.bin", Kind.UnreadableFile, it + "application/octet-stream" + EXPECTED);
        refused(TestFiles.random(5_000), "a.txt", Kind.UnreadableFile, it + "application/octet-stream" + EXPECTED);
        refused(TestFiles.zip("a.txt", "hello"), "a.zip", Kind.UnreadableFile, it + "application/zip" + EXPECTED);
        refused(
                TestFiles.zip("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                "a.ods",
                Kind.UnreadableFile,
                sheet("application/vnd.oasis.opendocument.spreadsheet"));
        refused(
                TestFiles.ole(Map.of("Workbook", new byte[5_000])),
                "a.xls",
                Kind.UnreadableFile,
                sheet("application/vnd.ms-excel"));
        refused(
                TestFiles.ole(Map.of("PowerPoint Document", new byte[5_000])),
                "a.ppt",
                Kind.UnreadableFile,
                it + "a set of slides (application/vnd.ms-powerpoint)"
                        + EXPECTED.replace("convert it before", "save it as PDF before"));
    }

    private static String sheet(String type) {
        return "Cannot read the file: it is a sheet (" + type + ")"
                + EXPECTED.replace("convert it before", "save it as CSV before");
    }

    @ParameterizedTest
    @CsvSource({"a.txt", "a.doc", "a.pdf", "a.html", "a"})
    void theContentDecidesWhatAFileIsNotItsName(String name) throws IOException {
        String page = "<!DOCTYPE html><html><body><p>The river</p></body></html>";

        assertThat(read(page, name).text()).isEqualTo("The river");
        assertThat(read("{\\rtf1 The river\\par}", name).text()).isEqualTo("The river");
        assertThat(reader.read(TestFiles.file("word.docx"), name).pages()).hasValue(1);
        assertThat(reader.read(TestFiles.file("one-column.pdf"), name).pages()).hasValue(1);
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
