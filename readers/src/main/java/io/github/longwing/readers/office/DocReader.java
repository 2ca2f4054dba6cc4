package io.github.longwing.readers.office;

import io.github.longwing.fileformat.ReadDocument;
import io.github.longwing.readers.text.LeftOut;
import io.github.longwing.readers.text.ParagraphText;
import io.github.longwing.readers.text.Titles;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.poi.hpsf.SummaryInformation;
import org.apache.poi.hwpf.HWPFDocument;
import org.apache.poi.hwpf.HWPFOldDocument;
import org.apache.poi.hwpf.OldWordFileFormatException;
import org.apache.poi.hwpf.extractor.Word6Extractor;
import org.apache.poi.hwpf.usermodel.CharacterRun;
import org.apache.poi.hwpf.usermodel.Notes;
import org.apache.poi.hwpf.usermodel.Paragraph;
import org.apache.poi.hwpf.usermodel.Range;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** Reads DOC, as it is once all tracked changes are accepted: the body, with notes behind their paragraphs. */
final class DocReader {
    /** Begins each comment. */
    private static final char COMMENT = 5;

    private static final char CELL_END = 7;
    private static final char LINE = 11;
    private static final char FIELD_BEGIN = 19;
    private static final char FIELD_RESULT = 20;
    private static final char FIELD_END = 21;
    private static final char HARD_HYPHEN = 30;

    private final LeftOut leftOut = new LeftOut();
    private final Map<Integer, String> notes = new HashMap<>();
    private int codesOfFields;

    private DocReader() {}

    /** @throws IOException where it is damaged */
    static ReadDocument read(POIFSFileSystem container) throws IOException {
        try {
            return new DocReader().read(new HWPFDocument(container));
        } catch (OldWordFileFormatException e) {
            return old(container);
        }
    }

    /** Of Word 6 and 95. */
    private static ReadDocument old(POIFSFileSystem container) throws IOException {
        try (HWPFOldDocument document = new HWPFOldDocument(container.getRoot());
                Word6Extractor extractor = new Word6Extractor(document)) {
            ParagraphText text = new ParagraphText();
            for (String paragraph : extractor.getText().split("[\r\n]+", -1)) {
                text.add(paragraph);
                text.end("p");
            }
            return new ReadDocument(
                    text.text(), title(document.getSummaryInformation()), OptionalInt.empty(), Map.of());
        }
    }

    private ReadDocument read(HWPFDocument document) throws IOException {
        try (document) {
            addNotes(document, document.getFootnotes(), document.getFootnoteRange());
            addNotes(document, document.getEndnotes(), document.getEndnoteRange());
            ParagraphText text = new ParagraphText();
            add(document.getRange(), text, notes);
            String boxes = plain(document.getMainTextboxRange());
            text.addBehind(boxes);
            leftOut.add("comments", (int) document.getCommentsRange()
                    .text()
                    .chars()
                    .filter(c -> c == COMMENT)
                    .count());
            leftOut.add(
                    "headers and footers", plain(document.getHeaderStoryRange()).isEmpty() ? 0 : 1);
            leftOut.add("macros", document.getDirectory().hasEntryCaseInsensitive("Macros") ? 1 : 0);
            return new ReadDocument(
                    text.text(), title(document.getSummaryInformation()), pages(document), leftOut.counts());
        }
    }

    private void addNotes(HWPFDocument document, Notes found, Range range) {
        for (int i = 0; i < found.getNotesCount(); i++) {
            Range note = new Range(
                    range.getStartOffset() + found.getNoteTextStartOffset(i),
                    range.getStartOffset() + found.getNoteTextEndOffset(i),
                    document);
            notes.put(found.getNoteAnchorPosition(i), plain(note));
        }
    }

    private String plain(Range range) {
        ParagraphText text = new ParagraphText();
        add(range, text, Map.of());
        return text.text();
    }

    private void add(Range range, ParagraphText text, Map<Integer, String> anchors) {
        codesOfFields = 0;
        boolean inTable = false;
        for (int i = 0; i < range.numParagraphs(); i++) {
            Paragraph paragraph = range.getParagraph(i);
            if (paragraph.isInTable() && !inTable) {
                text.start("table");
                text.start("tr");
                text.start("td");
            } else if (!paragraph.isInTable() && inTable) {
                text.end("td");
                text.end("tr");
                text.end("table");
            }
            inTable = paragraph.isInTable();
            for (int k = 0; k < paragraph.numCharacterRuns(); k++) {
                CharacterRun run = paragraph.getCharacterRun(k);
                if (run.isMarkedDeleted()) {
                    leftOut.add("deletions", 1);
                } else if (run.isVanished()) {
                    leftOut.add("hidden texts", 1);
                } else {
                    add(run, text, anchors);
                }
            }
            if (paragraph.isTableRowEnd()) {
                text.end("td");
                text.end("tr");
                text.start("tr");
                text.start("td");
            } else {
                text.end("p");
            }
        }
        if (inTable) {
            text.end("td");
            text.end("tr");
            text.end("table");
        }
    }

    private void add(CharacterRun run, ParagraphText text, Map<Integer, String> anchors) {
        String characters = run.text();
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            switch (c) {
                case FIELD_BEGIN -> codesOfFields++;
                case FIELD_RESULT, FIELD_END -> codesOfFields -= c == FIELD_RESULT || codesOfFields > 0 ? 1 : 0;
                case CELL_END -> {
                    text.end("td");
                    text.start("td");
                }
                case LINE -> text.start("br");
                case '\t' -> text.tab();
                case HARD_HYPHEN -> text.add("-");
                case 2 -> text.addBehind(anchors.getOrDefault(run.getStartOffset() + i, ""));
                default -> {
                    if (c >= ' ' && codesOfFields == 0) {
                        text.add(String.valueOf(c));
                    }
                }
            }
        }
    }

    private static Optional<String> title(SummaryInformation summary) {
        return summary == null ? Optional.empty() : Titles.of(summary.getTitle());
    }

    private static OptionalInt pages(HWPFDocument document) {
        SummaryInformation summary = document.getSummaryInformation();
        return summary == null || summary.getPageCount() == 0
                ? OptionalInt.empty()
                : OptionalInt.of(summary.getPageCount());
    }
}
