package io.github.longwing.readers;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** Files of all kinds: those that make_files.py made, and what can be done to them. */
final class TestFiles {
    private static final Path DIRECTORY = Path.of("src", "test", "resources", "files");
    private static final String WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    private TestFiles() {}

    static byte[] file(String name) throws IOException {
        return Files.readAllBytes(DIRECTORY.resolve(name));
    }

    static byte[] firstPart(byte[] file, double share) {
        return Arrays.copyOf(file, (int) (file.length * share));
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    /** A PDF of one page with these operators. */
    static byte[] pdf(byte[] operators) {
        return pdfOfPacked(packed(operators));
    }

    /** A PDF of one page whose operators stand packed as given. */
    static byte[] pdfOfPacked(byte[] stream) {
        StringBuilder pdf = new StringBuilder("%PDF-1.4\n");
        int[] offsets = new int[5];
        String[] objects = {
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
            "<</Length " + stream.length + "/Filter[/FlateDecode]>>stream\n"
                    + new String(stream, StandardCharsets.ISO_8859_1) + "\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
        };
        for (int i = 0; i < objects.length; i++) {
            offsets[i] = pdf.length();
            pdf.append(i + 1).append(" 0 obj\n").append(objects[i]).append("\nendobj\n");
        }
        int table = pdf.length();
        pdf.append("xref\n0 6\n0000000000 65535 f \n");
        for (int offset : offsets) {
            pdf.append(String.format(Locale.ROOT, "%010d 00000 n \n", offset));
        }
        pdf.append("trailer<</Size 6/Root 1 0 R>>\nstartxref\n").append(table).append("\n%%EOF\n");
        return pdf.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] packed(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream deflater = new DeflaterOutputStream(packed)) {
            deflater.write(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** The Word file with another main part: what comes first, then a body that says the same word so often. */
    static byte[] word(String before, String word, int times) throws IOException {
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        try (ZipInputStream source = new ZipInputStream(open("word.docx"));
                ZipOutputStream target = new ZipOutputStream(changed)) {
            for (ZipEntry entry = source.getNextEntry(); entry != null; entry = source.getNextEntry()) {
                target.putNextEntry(new ZipEntry(entry.getName()));
                if (entry.getName().equals("word/document.xml")) {
                    target.write(("<?xml version=\"1.0\"?>" + before + "<w:document xmlns:w=\"" + WORD
                                    + "\"><w:body><w:p><w:r><w:t>")
                            .getBytes(StandardCharsets.UTF_8));
                    byte[] thousand = word.repeat(1_000).getBytes(StandardCharsets.UTF_8);
                    for (int i = 0; i < times / 1_000; i++) {
                        target.write(thousand);
                    }
                    target.write((word.repeat(times % 1_000) + "</w:t></w:r></w:p></w:body></w:document>")
                            .getBytes(StandardCharsets.UTF_8));
                } else {
                    source.transferTo(target);
                }
            }
        }
        return changed.toByteArray();
    }

    /** An OLE container with these streams. */
    static byte[] ole(Map<String, byte[]> streams) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (POIFSFileSystem container = new POIFSFileSystem()) {
            for (Map.Entry<String, byte[]> stream : streams.entrySet()) {
                container.createDocument(new ByteArrayInputStream(stream.getValue()), stream.getKey());
            }
            container.writeFilesystem(bytes);
        }
        return bytes.toByteArray();
    }

    /** A ZIP file of names and contents, one after the other. */
    static byte[] zip(String... parts) throws IOException {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream target = new ZipOutputStream(zip)) {
            for (int i = 0; i < parts.length; i += 2) {
                target.putNextEntry(new ZipEntry(parts[i]));
                target.write(parts[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return zip.toByteArray();
    }

    private static InputStream open(String name) throws IOException {
        return new ByteArrayInputStream(file(name));
    }
}
