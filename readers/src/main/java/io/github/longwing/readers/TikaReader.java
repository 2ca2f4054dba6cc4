package io.github.longwing.readers;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.DocumentReader;
import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.mail.MailReader;
import io.github.longwing.readers.markup.HtmlReader;
import io.github.longwing.readers.markup.MarkdownReader;
import io.github.longwing.readers.markup.XmlReader;
import io.github.longwing.readers.office.OleReader;
import io.github.longwing.readers.office.RtfReader;
import io.github.longwing.readers.pdf.PdfReader;
import io.github.longwing.readers.text.ParagraphText;
import io.github.longwing.readers.text.PlainText;
import io.github.longwing.readers.text.Unreadable;
import io.github.longwing.readers.zip.ZipReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.poi.EncryptedDocumentException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MediaTypeRegistry;
import org.apache.tika.mime.MimeTypes;
import org.xml.sax.SAXException;

/**
 * Tells what a file is, with the types of Apache Tika, and gives it to the reader of its kind. Readers are named here one
 * by one: nothing is looked up, no program is started and nothing is fetched.
 */
public final class TikaReader implements DocumentReader {
    private static final MediaType PDF = MediaType.application("pdf");
    private static final MediaType XHTML = MediaType.application("xhtml+xml");
    private static final MediaType OLE = MediaType.application("x-tika-msoffice");
    private static final MediaType MAILBOX = MediaType.application("mbox");
    private static final MediaType RTF = MediaType.application("rtf");
    private static final Set<MediaType> MARKDOWN =
            Set.of(MediaType.text("x-web-markdown"), MediaType.text("markdown"), MediaType.text("x-markdown"));
    private static final Set<MediaType> MAIL = Set.of(
            MediaType.parse("message/rfc822"), MediaType.parse("multipart/related"), MediaType.parse("message/news"));

    /** Kinds of text of which the marks would be read along. */
    private static final Set<MediaType> MARKED_UP =
            Set.of(MediaType.TEXT_HTML, MediaType.APPLICATION_XML, RTF, MediaType.parse("message/rfc822"));

    /** A PDF may begin a little later. */
    private static final int HEAD = 1024;

    private static final Pattern PDF_HEADER = Pattern.compile("%PDF-\\d");
    private static final Pattern PDF_BODY = Pattern.compile("\\d+ \\d+ obj\\b");

    /** What no text is that is to be read as it stands. */
    private static final Pattern MARKUP =
            Pattern.compile("\\A\\s*(?:<!doctype html|<html|<\\?xml|\\{\\\\rtf)", Pattern.CASE_INSENSITIVE);

    private static final Pattern TAG = Pattern.compile("<[a-zA-Z!/?]");

    private static final MimeTypes TYPES = MimeTypes.getDefaultMimeTypes(TikaReader.class.getClassLoader());

    @Override
    public ReadDocument read(byte[] content, String name) {
        if (content.length == 0) {
            throw new DocumentException(Kind.EmptyText, "Cannot read the file: it is empty, " + Unreadable.EXPECTED);
        }
        Metadata metadata = new Metadata();
        metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
        MediaType type = type(content, metadata);
        try {
            return read(type, content, metadata);
        } catch (EncryptedDocumentException e) {
            throw Unreadable.encrypted(type.toString(), e);
        } catch (DocumentException e) {
            throw e;
        } catch (IOException | SAXException | RuntimeException | StackOverflowError e) {
            DocumentException cause = documentException(e);
            throw cause == null ? Unreadable.damaged(type.toString(), reason(e), e) : cause;
        }
    }

    private static MediaType type(byte[] content, Metadata metadata) {
        String head = new String(content, 0, Math.min(HEAD, content.length), StandardCharsets.ISO_8859_1);
        if (PDF_HEADER.matcher(head).find()
                && PDF_BODY.matcher(new String(content, StandardCharsets.ISO_8859_1))
                        .find()
                && !MARKUP.matcher(head).find()) {
            return PDF;
        }
        try {
            return TYPES.detect(new ByteArrayInputStream(content), metadata);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be read
        }
    }

    private static ReadDocument read(MediaType type, byte[] content, Metadata metadata)
            throws IOException, SAXException {
        MediaTypeRegistry registry = TYPES.getMediaTypeRegistry();
        if (type.equals(PDF)) {
            return PdfReader.read(content);
        }
        if (registry.isInstanceOf(type, MediaType.APPLICATION_ZIP)) {
            return ZipReader.read(content);
        }
        if (registry.isInstanceOf(type, OLE)) {
            return OleReader.read(content);
        }
        MediaType byName = TYPES.detect(null, metadata);
        if (MailReader.isMailbox(content) && (byName.equals(MAILBOX) || !isPlain(byName))) {
            return MailReader.readMailbox(content);
        }
        Optional<String> text = textAsItStands(type, byName, content);
        if (text.isPresent()) {
            return MARKDOWN.contains(byName)
                    ? MarkdownReader.read(text.get())
                    : new ReadDocument(text.get(), Optional.empty(), OptionalInt.empty());
        }
        return isPlain(type) || isPlain(byName)
                ? markedUp(type(content, new Metadata()), content)
                : markedUp(type, content);
    }

    private static ReadDocument markedUp(MediaType type, byte[] content) throws IOException, SAXException {
        MediaTypeRegistry registry = TYPES.getMediaTypeRegistry();
        if (registry.isInstanceOf(type, RTF)) {
            return RtfReader.read(content);
        }
        if (MAIL.contains(type)) {
            return MailReader.read(content);
        }
        if (XmlReader.isXml(content)) {
            return XmlReader.read(content);
        }
        if (type.equals(MediaType.TEXT_HTML) || type.equals(XHTML)) {
            return HtmlReader.read(content);
        }
        if (registry.isInstanceOf(type, MediaType.APPLICATION_XML)) {
            return XmlReader.read(content);
        }
        throw Unreadable.unknown(type.toString());
    }

    /** Of texts the name tells more than the first words, unless they are marks that no text has. */
    private static Optional<String> textAsItStands(MediaType type, MediaType byName, byte[] content) {
        boolean named = isPlain(byName);
        boolean unmarked = type.equals(MediaType.TEXT_HTML)
                && PlainText.mayBe(content)
                && !TAG.matcher(ascii(content)).find();
        if ((!isPlain(type) && !named && !unmarked) || (!named && XmlReader.isXml(content))) {
            return Optional.empty();
        }
        String text = PlainText.decode(content)
                .orElseThrow(() -> PlainText.mayBe(content)
                        ? Unreadable.charset()
                        : Unreadable.unknown(MediaType.OCTET_STREAM.toString()));
        if (text.length() > ParagraphText.MOST_CHARACTERS) {
            throw Unreadable.tooLong(ParagraphText.MOST_CHARACTERS);
        }
        return MARKUP.matcher(text).find() ? Optional.empty() : Optional.of(text);
    }

    private static String ascii(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    private static boolean isPlain(MediaType type) {
        MediaTypeRegistry registry = TYPES.getMediaTypeRegistry();
        return registry.isInstanceOf(type, MediaType.TEXT_PLAIN)
                && MARKED_UP.stream().noneMatch(markedUp -> registry.isInstanceOf(type, markedUp));
    }

    private static DocumentException documentException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DocumentException found) {
                return found;
            }
        }
        return null;
    }

    /** What the innermost cause says. */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null || message.isBlank()
                ? innermost.getClass().getSimpleName()
                : message.strip().lines().findFirst().orElseThrow();
    }
}
