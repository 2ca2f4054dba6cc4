package io.github.longwing.readers.zip;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.text.Unreadable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.xml.sax.SAXException;

/** Reads documents that are ZIP files: DOCX, ODT and EPUB. */
public final class ZipReader {
    private static final String TYPE = "application/zip";
    private static final String MIMETYPE = "mimetype";

    private ZipReader() {}

    /**
     * Reads one file.
     *
     * @throws IOException where it is damaged
     * @throws SAXException where XML in it is
     */
    public static ReadDocument read(byte[] content) throws IOException, SAXException {
        try (ZipParts parts = ZipParts.open(content)) {
            if (parts.has("[Content_Types].xml")) {
                return DocxReader.read(parts);
            }
            String type =
                    parts.has(MIMETYPE) ? new String(parts.read(MIMETYPE), StandardCharsets.US_ASCII).strip() : TYPE;
            if (type.startsWith(OdtReader.TYPE)) {
                return OdtReader.read(parts);
            }
            if (type.equals(EpubReader.TYPE) || parts.has(EpubReader.CONTAINER)) {
                return EpubReader.read(parts);
            }
            throw Unreadable.unknown(type);
        } catch (ZipParts.EncryptedPart e) {
            throw Unreadable.encrypted(TYPE, e);
        }
    }
}
