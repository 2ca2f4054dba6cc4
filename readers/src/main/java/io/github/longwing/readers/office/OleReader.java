package io.github.longwing.readers.office;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.markup.HtmlReader;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.PlainText;
import io.github.longwing.readers.text.Titles;
import io.github.longwing.readers.text.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.poi.hsmf.MAPIMessage;
import org.apache.poi.hsmf.exceptions.ChunkNotFoundException;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.jsoup.Jsoup;

/** Reads files in containers of OLE: DOC and messages of Outlook. */
public final class OleReader {
    private static final String OUTLOOK = "application/vnd.ms-outlook";

    /** What the containers of other documents have in them. */
    private static final Map<String, String> OTHERS = new LinkedHashMap<>();

    static {
        OTHERS.put("Workbook", "application/vnd.ms-excel");
        OTHERS.put("Book", "application/vnd.ms-excel");
        OTHERS.put("PowerPoint Document", "application/vnd.ms-powerpoint");
        OTHERS.put("VisioDocument", "application/vnd.visio");
        OTHERS.put("Quill", "application/x-mspublisher");
    }

    private OleReader() {}

    /**
     * Reads one file.
     *
     * @throws IOException where it is damaged
     */
    public static ReadDocument read(byte[] content) throws IOException {
        try (POIFSFileSystem container = new POIFSFileSystem(new ByteArrayInputStream(content))) {
            Set<String> entries = container.getRoot().getEntryNames();
            if (entries.contains("EncryptedPackage") || entries.contains("EncryptionInfo")) {
                throw Unreadable.encrypted("application/x-tika-ooxml-protected", null);
            }
            if (entries.contains("WordDocument")) {
                return DocReader.read(container);
            }
            if (entries.stream().anyMatch(name -> name.startsWith("__properties_version1"))) {
                return message(new MAPIMessage(container));
            }
            throw Unreadable.unknown(OTHERS.entrySet().stream()
                    .filter(other -> entries.contains(other.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("application/x-tika-msoffice"));
        }
    }

    private static ReadDocument message(MAPIMessage message) throws IOException {
        message.setReturnNullOnMissingChunk(true);
        LeftOut leftOut = new LeftOut();
        try {
            String kind = message.getStringFromChunk(message.getMainChunks().getMessageClass());
            if (kind != null && kind.endsWith("SMIME")) {
                throw Unreadable.encrypted(OUTLOOK, null);
            }
            leftOut.add("attached files", message.getAttachmentFiles().length);
            return new ReadDocument(
                    text(message, leftOut), Titles.of(message.getSubject()), OptionalInt.empty(), leftOut.counts());
        } catch (ChunkNotFoundException e) {
            throw new IllegalStateException("Null was asked for instead", e);
        }
    }

    private static String text(MAPIMessage message, LeftOut leftOut) throws ChunkNotFoundException, IOException {
        String text = message.getTextBody();
        if (text != null && !text.isBlank()) {
            return PlainText.clean(text);
        }
        String html = message.getHtmlBody();
        if (html != null) {
            return HtmlReader.textOf(Jsoup.parse(html), leftOut);
        }
        String rtf = message.getRtfBody();
        return rtf == null
                ? ""
                : RtfReader.read(rtf.getBytes(StandardCharsets.ISO_8859_1)).text();
    }
}
