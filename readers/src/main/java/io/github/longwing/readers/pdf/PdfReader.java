package io.github.longwing.readers.pdf;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.pdf.PageReader.Page;
import io.github.longwing.readers.pdf.PageReader.Pages;
import io.github.longwing.readers.pdf.Paragraphs.PagedText;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.ParagraphText;
import io.github.longwing.readers.text.Titles;
import io.github.longwing.readers.text.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDMetadata;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotation;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationLink;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;

/** Reads a PDF: its paragraphs in reading order, without what only the pages need. */
public final class PdfReader {
    private static final String TYPE = "application/pdf";
    private static final int MOST_METADATA = 1 << 20;

    static {
        BundledFonts.use();
    }

    private PdfReader() {}

    /**
     * Reads one file.
     *
     * @throws IOException where it is damaged
     */
    public static ReadDocument read(byte[] content) throws IOException {
        if (!PdfEnd.isThere(content)) {
            throw Unreadable.damaged(TYPE, "its end is missing", null);
        }
        try (PDDocument document = load(content)) {
            if (document.getNumberOfPages() == 0) {
                throw Unreadable.damaged(TYPE, "it has no page", null);
            }
            PageContents.requireWhole(document);
            LeftOut leftOut = new LeftOut();
            fillIn(document, leftOut);
            Pages pages = PageReader.read(document);
            PagedText text = text(pages, leftOut);
            requireText(document, pages, text.text());
            countOthers(document, leftOut);
            return new ReadDocument(
                    text.text(),
                    title(document),
                    OptionalInt.of(document.getNumberOfPages()),
                    text.marks(),
                    leftOut.counts());
        }
    }

    private static PDDocument load(byte[] content) throws IOException {
        try {
            return Loader.loadPDF(content);
        } catch (InvalidPasswordException | LinkageError e) {
            // the latter where certificates are asked for, for which the libraries are not there
            throw Unreadable.encrypted(TYPE, e);
        }
    }

    /** What is filled in stands on the page like all else. */
    private static void fillIn(PDDocument document, LeftOut leftOut) throws IOException {
        PDAcroForm form = document.getDocumentCatalog().getAcroForm();
        if (form == null) {
            return;
        }
        if (form.xfaIsDynamic()) {
            throw Unreadable.because(
                    TYPE, "its text is a form in XFA, which only some viewers fill in", "print it to a PDF before");
        }
        try {
            form.flatten(form.getFields(), form.getNeedAppearances());
        } catch (RuntimeException e) {
            leftOut.add("fields of a form", form.getFields().size());
        }
    }

    private static PagedText text(Pages pages, LeftOut leftOut) {
        List<List<Word>> main = pages.pages().stream().map(Page::words).toList();
        double size = usualSize(main);
        List<List<Line>> wide = main.stream().map(Line::of).toList();
        double leading = Paragraphs.leading(wide, size);
        List<List<Word>> bodies = new RunningHeads(leading).without(main, leftOut);
        Columns columns = new Columns(size);
        bodies.forEach(columns::learn);
        List<List<List<Line>>> parts = new ArrayList<>();
        List<Line> all = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            List<List<Line>> page = new ArrayList<>(columns.parts(bodies.get(i)));
            for (List<Word> beside : pages.pages().get(i).beside()) {
                page.add(Line.of(beside));
            }
            parts.add(page);
            page.forEach(all::addAll);
        }
        List<List<Line>> flat = parts.stream().flatMap(List::stream).toList();
        Paragraphs paragraphs = new Paragraphs(new Hyphens(all), size, Paragraphs.leading(flat, size));
        for (int i = 0; i < parts.size(); i++) {
            int page = pages.pages().get(i).number();
            parts.get(i).forEach(part -> paragraphs.add(page, part));
        }
        leftOut.add(
                "letters across the page",
                pages.pages().stream().mapToInt(Page::aslant).sum());
        PagedText text = paragraphs.text();
        if (text.text().length() > ParagraphText.MOST_CHARACTERS) {
            throw Unreadable.tooLong(ParagraphText.MOST_CHARACTERS);
        }
        return text;
    }

    /** The size of most letters. */
    private static double usualSize(List<List<Word>> pages) {
        Map<Long, Integer> counts = new HashMap<>();
        pages.forEach(words -> words.forEach(
                word -> counts.merge(Math.round(word.size() * 4), word.text().length(), Integer::sum)));
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> Math.max(1, most.getKey()) / 4.0)
                .orElse(10.0);
    }

    private static void requireText(PDDocument document, Pages pages, String text) throws IOException {
        if (pages.unmapped() * 2 > pages.glyphs()
                || (pages.guessed() * 2 > pages.glyphs() && !isLanguage(pages.guesses()))) {
            throw Unreadable.letters(TYPE);
        }
        if (text.isEmpty() && hasImages(document)) {
            throw Unreadable.scanned(TYPE, document.getNumberOfPages());
        }
    }

    /** Whether codes that were taken for letters make words: as many vowels as they have in most languages. */
    private static boolean isLanguage(String guesses) {
        long letters =
                guesses.chars().filter(c -> c < 128 && Character.isLetter(c)).count();
        long vowels =
                guesses.chars().filter(c -> "aeiouyAEIOUY".indexOf(c) >= 0).count();
        return letters * 10 >= guesses.length() * 6L && vowels * 100 >= letters * 25 && vowels * 100 <= letters * 60;
    }

    private static boolean hasImages(PDDocument document) throws IOException {
        for (PDPage page : document.getPages()) {
            PDResources resources = page.getResources();
            if (resources != null) {
                for (COSName name : resources.getXObjectNames()) {
                    if (resources.isImageXObject(name) || resources.getXObject(name) != null) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static void countOthers(PDDocument document, LeftOut leftOut) throws IOException {
        int notes = 0;
        for (PDPage page : document.getPages()) {
            for (PDAnnotation annotation : page.getAnnotations()) {
                boolean shown = annotation instanceof PDAnnotationLink || annotation instanceof PDAnnotationWidget;
                if (!shown
                        && annotation.getContents() != null
                        && !annotation.getContents().isBlank()) {
                    notes++;
                }
            }
        }
        leftOut.add("annotations", notes);
        if (document.getDocumentCatalog().getNames() != null
                && document.getDocumentCatalog().getNames().getEmbeddedFiles() != null) {
            Map<String, ?> files =
                    document.getDocumentCatalog().getNames().getEmbeddedFiles().getNames();
            leftOut.add("attached files", files == null ? 0 : files.size());
        }
    }

    private static Optional<String> title(PDDocument document) {
        Optional<String> title = Titles.of(document.getDocumentInformation().getTitle());
        PDMetadata metadata = document.getDocumentCatalog().getMetadata();
        if (title.isPresent() || metadata == null || metadata.getLength() > MOST_METADATA) {
            return title;
        }
        try (InputStream stream = metadata.createInputStream()) {
            Document xmp = Jsoup.parse(stream, null, "", Parser.xmlParser());
            return Titles.of(xmp.getElementsByTag("dc:title").text());
        } catch (IOException e) {
            return Optional.empty(); // a title is not worth a document
        }
    }
}
