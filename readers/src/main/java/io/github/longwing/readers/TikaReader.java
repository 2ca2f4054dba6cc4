package io.github.longwing.readers;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.DocumentReader;
import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.ParagraphText.Newlines;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.poi.openxml4j.exceptions.InvalidFormatException;
import org.apache.poi.openxml4j.exceptions.OpenXML4JException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.openxml4j.opc.PackageAccess;
import org.apache.tika.detect.microsoft.POIFSContainerDetector;
import org.apache.tika.detect.microsoft.ooxml.OPCPackageDetector;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.PagedText;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MediaTypeRegistry;
import org.apache.tika.mime.MimeTypes;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.html.HtmlEncodingDetector;
import org.apache.tika.parser.html.HtmlMapper;
import org.apache.tika.parser.html.IdentityHtmlMapper;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.ooxml.OPCPackageWrapper;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.apache.tika.sax.SecureContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Reads PDF, HTML, DOCX and plain text with the parsers of Apache Tika, named here one by one: nothing is looked up, no
 * program is started and nothing is fetched. Only the document itself is read, not what is attached to it or embedded.
 */
public final class TikaReader implements DocumentReader {
    /** As many as the bytes that a text column may have. */
    private static final int MAX_CHARACTERS = 64 << 20;

    private static final String EXPECTED = "expected PDF, HTML, DOCX or plain text";

    private static final MediaType PDF = MediaType.application("pdf");
    private static final MediaType XHTML = MediaType.application("xhtml+xml");
    private static final MediaType OLE = MediaType.application("x-tika-msoffice");

    private static final String WORD = "vnd.openxmlformats-officedocument.wordprocessingml.";
    private static final Set<MediaType> DOCX = Set.of(
            MediaType.application(WORD + "document"),
            MediaType.application(WORD + "template"),
            MediaType.application("vnd.ms-word.document.macroenabled.12"),
            MediaType.application("vnd.ms-word.template.macroenabled.12"));

    /** Kinds of text of which the marks would be read along. */
    private static final Set<MediaType> MARKED_UP =
            Set.of(MediaType.TEXT_HTML, MediaType.APPLICATION_XML, MediaType.application("rtf"));

    private static final MimeTypes TYPES = MimeTypes.getDefaultMimeTypes(TikaReader.class.getClassLoader());

    static {
        BundledFonts.use();
    }

    @Override
    public ReadDocument read(byte[] content, String name) {
        if (content.length == 0) {
            throw new DocumentException(Kind.EmptyText, "Cannot read the file: it is empty, " + EXPECTED);
        }
        Metadata metadata = new Metadata();
        metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
        try (TikaInputStream stream = TikaInputStream.get(content, metadata)) {
            MediaType type = TYPES.detect(stream, metadata);
            try {
                return read(type, content, stream, metadata);
            } catch (EncryptedDocumentException | org.apache.poi.EncryptedDocumentException e) {
                throw new DocumentException(
                        Kind.EncryptedFile,
                        "Cannot read the file: it is " + type + " and encrypted, expected one that opens without a"
                                + " password; decrypt it before",
                        e);
            } catch (ParagraphText.TooLong e) {
                throw new DocumentException(
                        Kind.TextTooLong,
                        "Cannot read the file: its text has more than " + MAX_CHARACTERS
                                + " characters, expected at most as many; split it before",
                        e);
            } catch (DocumentException e) {
                throw e;
            } catch (InvalidFormatException e) { // of a container
                throw type.equals(MediaType.APPLICATION_ZIP) ? unknown(type) : damaged(type, reason(e), e);
            } catch (IOException
                    | SAXException
                    | TikaException
                    | OpenXML4JException
                    | RuntimeException
                    | StackOverflowError e) {
                throw damaged(type, reason(e), e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the file: temporary files fail", e);
        }
    }

    private static ReadDocument read(MediaType type, byte[] content, TikaInputStream stream, Metadata metadata)
            throws IOException, SAXException, TikaException, OpenXML4JException {
        MediaTypeRegistry registry = TYPES.getMediaTypeRegistry();
        if (type.equals(PDF)) {
            return pdf(content, stream, metadata);
        }
        if (registry.isInstanceOf(type, MediaType.APPLICATION_ZIP)) {
            return office(type, stream, metadata);
        }
        if (registry.isInstanceOf(type, OLE)) {
            MediaType document = new POIFSContainerDetector().detect(stream, metadata);
            if (document.equals(POIFSContainerDetector.OOXML_PROTECTED)
                    || document.equals(POIFSContainerDetector.DRM_ENCRYPTED)) {
                throw new EncryptedDocumentException();
            }
            throw unknown(document);
        }
        // of texts the name tells more than the first words
        MediaType byName = TYPES.detect(null, metadata);
        if (isPlain(type) || isPlain(byName)) {
            String text = PlainText.decode(content).orElseThrow(() -> unknown(MediaType.OCTET_STREAM));
            return new ReadDocument(text, Optional.empty(), OptionalInt.empty());
        }
        if (type.equals(MediaType.TEXT_HTML) || type.equals(XHTML)) {
            return parse(html(content), Newlines.FOLDED, stream, metadata);
        }
        throw unknown(type);
    }

    private static boolean isPlain(MediaType type) {
        MediaTypeRegistry registry = TYPES.getMediaTypeRegistry();
        return registry.isInstanceOf(type, MediaType.TEXT_PLAIN)
                && MARKED_UP.stream().noneMatch(markedUp -> registry.isInstanceOf(type, markedUp));
    }

    private static ReadDocument pdf(byte[] content, TikaInputStream stream, Metadata metadata)
            throws IOException, SAXException, TikaException {
        if (!PdfEnd.isThere(content)) {
            throw damaged(PDF, "its end is missing", null);
        }
        ReadDocument document = parse(new WholePdfParser(), Newlines.KEPT, stream, metadata);
        if (document.pages().orElse(0) == 0) {
            throw damaged(PDF, "it has no page", null);
        }
        return document;
    }

    private static ReadDocument office(MediaType zip, TikaInputStream stream, Metadata metadata)
            throws IOException, SAXException, TikaException, OpenXML4JException {
        // opened here, since the parser would salvage what is left of a damaged one; the stream closes it
        OPCPackage office = OPCPackage.open(stream.getFile().getPath(), PackageAccess.READ);
        stream.setOpenContainer(new OPCPackageWrapper(office));
        MediaType type = OPCPackageDetector.detectOfficeOpenXML(office);
        if (type == null || !DOCX.contains(type)) {
            throw unknown(type == null ? zip : type);
        }
        return parse(new OOXMLParser(), Newlines.KEPT, stream, metadata);
    }

    /** Pages say their charset in their head; of those that do not, many are UTF-8. */
    private static Parser html(byte[] content) {
        HtmlEncodingDetector head = new HtmlEncodingDetector();
        return new JSoupParser((stream, metadata) -> {
            Charset declared = head.detect(stream, metadata);
            return declared == null ? PlainText.charset(content).orElse(StandardCharsets.UTF_8) : declared;
        });
    }

    private static ReadDocument parse(Parser parser, Newlines newlines, TikaInputStream stream, Metadata metadata)
            throws IOException, SAXException, TikaException {
        ParagraphText text = new ParagraphText(newlines, MAX_CHARACTERS);
        SecureContentHandler guarded = new SecureContentHandler(text, stream);
        guarded.setMaximumDepth(Integer.MAX_VALUE); // pages nest deeply and harmlessly
        try {
            parser.parse(stream, guarded, metadata, settings());
        } catch (SAXException e) {
            guarded.throwIfCauseOf(e);
            throw e;
        }
        return new ReadDocument(text.text(), title(metadata), pages(metadata));
    }

    private static ParseContext settings() {
        PDFParserConfig pdf = new PDFParserConfig();
        pdf.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
        pdf.setExtractIncrementalUpdateInfo(false);
        pdf.setExtractBookmarksText(false); // headings a second time
        pdf.setExtractAnnotationText(false); // addresses of links
        pdf.setCatchIntermediateIOExceptions(false);
        OfficeParserConfig office = new OfficeParserConfig();
        office.setUseSAXDocxExtractor(true); // in bounded memory
        ParseContext context = new ParseContext();
        context.set(PDFParserConfig.class, pdf);
        context.set(OfficeParserConfig.class, office);
        context.set(HtmlMapper.class, IdentityHtmlMapper.INSTANCE);
        context.set(EmbeddedDocumentExtractor.class, new NothingEmbedded());
        return context;
    }

    private static Optional<String> title(Metadata metadata) {
        return Optional.ofNullable(metadata.get(TikaCoreProperties.TITLE))
                .map(title -> title.strip().replaceAll("\\s+", " "))
                .filter(title -> !title.isEmpty());
    }

    private static OptionalInt pages(Metadata metadata) {
        Integer pages = metadata.getInt(PagedText.N_PAGES);
        return pages == null ? OptionalInt.empty() : OptionalInt.of(pages);
    }

    private static DocumentException unknown(MediaType type) {
        return new DocumentException(
                Kind.UnreadableFile, "Cannot read the file: it is " + type + ", " + EXPECTED + "; convert it before");
    }

    private static DocumentException damaged(MediaType type, String reason, Throwable cause) {
        return new DocumentException(
                Kind.UnreadableFile,
                "Cannot read the file: it is " + type + " and damaged (" + reason
                        + "), expected a file that is whole; mend or replace it",
                cause);
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

    /** Leaves out what is attached or embedded. */
    private static final class NothingEmbedded implements EmbeddedDocumentExtractor {
        @Override
        public boolean shouldParseEmbedded(Metadata metadata) {
            return false;
        }

        @Override
        public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {}
    }
}
