package io.github.longwing.readers.pdf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.commons.io.output.ThresholdingOutputStream;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.filter.FilterFactory;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDStream;

/**
 * Whether all pages of a PDF can be decoded. PDFBox passes over pages that cannot, with a line in the log, and decodes
 * pages of any size in memory.
 */
final class PageContents {
    /** Nothing compresses better that is meant to be read. */
    private static final int MAX_COMPRESSION = 100;

    private static final int ALWAYS_ALLOWED_BYTES = 1 << 20;
    private static final int NEVER_ALLOWED_BYTES = 64 << 20;
    private static final int ZLIB_HEADER = 2;

    private PageContents() {}

    /** @throws IOException where a page is damaged, or unpacks to more than anything that is meant to be read */
    static void requireWhole(PDDocument document) throws IOException {
        for (PDPage page : document.getPages()) {
            for (Iterator<PDStream> contents = page.getContentStreams(); contents.hasNext(); ) {
                decode(contents.next());
            }
        }
    }

    private static void decode(PDStream contents) throws IOException {
        long length = contents.getLength();
        long limit = Math.min(NEVER_ALLOWED_BYTES, Math.max(ALWAYS_ALLOWED_BYTES, MAX_COMPRESSION * length));
        List<COSName> filters = contents.getFilters();
        InputStream encoded = contents.getCOSObject().createRawInputStream();
        for (int i = 0; i < filters.size(); i++) {
            ByteArrayOutputStream decoded = new ByteArrayOutputStream();
            OutputStream limited = new ThresholdingOutputStream(
                    Math.toIntExact(limit),
                    over -> {
                        throw new IOException("a page of " + length + " bytes has more than " + limit + " unpacked");
                    },
                    over -> decoded);
            try (InputStream input = encoded) {
                byte[] bytes = input.readAllBytes();
                if (filters.get(i).equals(COSName.FLATE_DECODE)) {
                    requireNoDamage(bytes);
                }
                FilterFactory.INSTANCE
                        .getFilter(filters.get(i))
                        .decode(new ByteArrayInputStream(bytes), limited, contents.getCOSObject(), i);
            }
            encoded = new ByteArrayInputStream(decoded.toByteArray());
        }
        encoded.close();
    }

    /** PDFBox takes what comes before the damage for all; wrong checksums are too common to mind. */
    private static void requireNoDamage(byte[] deflated) throws IOException {
        Inflater inflater = new Inflater(/* nowrap */ true);
        try {
            inflater.setInput(deflated, ZLIB_HEADER, Math.max(0, deflated.length - ZLIB_HEADER));
            byte[] buffer = new byte[1 << 16];
            long length = 0;
            while (length <= NEVER_ALLOWED_BYTES && !inflater.finished() && !inflater.needsInput()) {
                length += inflater.inflate(buffer);
            }
        } catch (DataFormatException e) {
            throw new IOException("A page cannot be unpacked", e);
        } finally {
            inflater.end();
        }
    }
}
