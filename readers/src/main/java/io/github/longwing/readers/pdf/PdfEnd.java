package io.github.longwing.readers.pdf;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Whether a PDF has its end. PDFBox reads what is there of a file that was cut, and half a document would pass for a
 * whole one.
 */
final class PdfEnd {
    private static final String END_OF_FILE = "%%EOF";
    private static final Pattern OBJECT = Pattern.compile("\\b\\d+ \\d+ obj\\b");

    private PdfEnd() {}

    /** Whether no object follows the last end-of-file mark; anything else that was added there does no harm. */
    static boolean isThere(byte[] content) {
        String bytes = new String(content, StandardCharsets.ISO_8859_1);
        int end = bytes.lastIndexOf(END_OF_FILE);
        return end >= 0 && !OBJECT.matcher(bytes).region(end, bytes.length()).find();
    }
}
