package io.github.longwing.readers;

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
import org.apache.pdfbox.io.RandomAccessStreamCache.StreamCacheCreateFunction;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.pdf.PDFParser;

/**
 * Tika's parser for a PDF of which all pages can be decoded. PDFBox passes over pages that cannot, with a line in the
 * log, and decodes pages of any size in memory.
 */
final class WholePdfParser extends PDFParser {
    private static final long serialVersionUID = 1L;

    /** Nothing compresses better that is meant to be read. */
    private static final int MAX_COMPRESSION = 100;

    private static final int ALWAYS_ALLOWED_BYTES = 1 << 20;
    private static final int NEVER_ALLOWED_BYTES = 64 << 20;
    private static final int ZLIB_HEADER = 2;

    @Override
    protected PDDocument getPDDocument(
            InputStream stream,
            String password,
            StreamCacheCreateFunction cache,
            Metadata metadata,
            ParseContext context)
            throws IOException {
        PDDocument document = super.getPDDocument(stream, password, cache, metadata, context);
        try {
            for (PDPage page : document.getPages()) {
                for (Iterator<PDStream> contents = page.getContentStreams(); contents.hasNext(); ) {
                    decode(contents.next());
                }
            }
            return document;
        } catch (IOException | RuntimeException e) {
            document.close();
            throw e;
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
