package io.github.longwing.readers.pdf;

import io.github.longwing.readers.pdf.Word.Glyph;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDSimpleFont;
import org.apache.pdfbox.pdmodel.font.PDType3Font;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.apache.pdfbox.util.Matrix;
import org.apache.pdfbox.util.Vector;

/**
 * The words of all pages of a PDF. PDFBox says where each glyph stands; here they are turned upright, whichever way the
 * page or its text is rotated, and put together to words.
 */
final class PageReader extends PDFTextStripper {
    /** Text that is so many degrees away from a side of the page lies across it. */
    private static final double ASLANT_DEGREES = 10;

    /** Gaps between words, in sizes of the font, where the width of its space is of no use. */
    private static final double LEAST_GAP = 0.1;

    private static final double MOST_GAP = 0.15;

    /** How many times as large as the text the first letter of a chapter is. */
    private static final double INITIAL = 1.8;

    /** A font, or its width of a space, is odd where its size is not between these. */
    private static final double LEAST_SIZE = 0.5;

    private final List<Page> pages = new ArrayList<>();
    private int glyphs;
    private int unmapped;
    private int guessed;
    private final StringBuilder guesses = new StringBuilder();

    private PageReader() {
        setSuppressDuplicateOverlappingText(true);
        setShouldSeparateByBeads(false);
    }

    /**
     * A page; those without any content are passed over.
     *
     * @param number from 1
     * @param words of the main direction
     * @param beside the words of other directions, for each direction
     * @param aslant how many glyphs lie across the page, as watermarks do
     */
    record Page(int number, List<Word> words, List<List<Word>> beside, int aslant) {}

    /**
     * What a document has.
     *
     * @param glyphs all that are shown
     * @param unmapped those of which the fonts do not say what letters they are
     * @param guessed those of which only a code is known, which often is the letter's
     * @param guesses the letters of these codes
     */
    record Pages(List<Page> pages, int glyphs, int unmapped, int guessed, String guesses) {}

    static Pages read(PDDocument document) throws IOException {
        PageReader reader = new PageReader();
        reader.writeText(document, Writer.nullWriter());
        return new Pages(reader.pages, reader.glyphs, reader.unmapped, reader.guessed, reader.guesses.toString());
    }

    @Override
    protected void showGlyph(Matrix textRenderingMatrix, PDFont font, int code, Vector displacement)
            throws IOException {
        glyphs++;
        if (font.toUnicode(code) == null) {
            if (font instanceof PDSimpleFont) {
                guessed++;
                guesses.append((char) code);
            } else {
                unmapped++;
            }
        }
        super.showGlyph(textRenderingMatrix, font, code, displacement);
    }

    @Override
    protected void writePage() {
        Map<Integer, List<Glyph>> directions = new TreeMap<>();
        int aslant = 0;
        for (List<TextPosition> article : charactersByArticle) {
            for (TextPosition position : article) {
                Matrix matrix = position.getTextMatrix();
                double degrees = Math.toDegrees(Math.atan2(matrix.getShearY(), matrix.getScaleX()));
                int side = (int) Math.round(degrees / 90);
                if (Math.abs(degrees - side * 90) > ASLANT_DEGREES) {
                    aslant++;
                } else {
                    directions
                            .computeIfAbsent(Math.floorMod(side, 4), key -> new ArrayList<>())
                            .add(glyph(position, Math.floorMod(side, 4)));
                }
            }
        }
        List<List<Word>> words = directions.values().stream()
                .sorted(Comparator.comparingInt((List<Glyph> found) -> found.size())
                        .reversed())
                .map(PageReader::words)
                .filter(found -> !found.isEmpty())
                .toList();
        pages.add(
                words.isEmpty()
                        ? new Page(getCurrentPageNo(), List.of(), List.of(), aslant)
                        : new Page(getCurrentPageNo(), words.get(0), words.subList(1, words.size()), aslant));
    }

    /** Turned so that the line goes to the right and the next line is below. */
    private static Glyph glyph(TextPosition position, int side) {
        Matrix matrix = position.getTextMatrix();
        double x = matrix.getTranslateX();
        double y = matrix.getTranslateY();
        double width = Math.hypot(position.getEndX() - x, position.getEndY() - y);
        double left =
                switch (side) {
                    case 0 -> x;
                    case 1 -> y;
                    case 2 -> -x;
                    default -> -y;
                };
        double baseline =
                switch (side) {
                    case 0 -> -y;
                    case 1 -> x;
                    case 2 -> y;
                    default -> -x;
                };
        double size = Math.hypot(matrix.getShearX(), matrix.getScaleY());
        if (position.getFont() instanceof PDType3Font || size < LEAST_SIZE) {
            // its glyphs have a measure of their own
            size = position.getHeight() > 0 ? 2 * position.getHeight() : 2 * width;
        }
        String text = position.getUnicode().replace("\u0000", "");
        return new Glyph(text, left, left + width, baseline, size, position.getWidthOfSpace());
    }

    /** Words in the order in which they were drawn. */
    private static List<Word> words(List<Glyph> glyphs) {
        List<Word> words = new ArrayList<>();
        List<Glyph> run = new ArrayList<>();
        for (Glyph glyph : glyphs) {
            if (!run.isEmpty() && !follows(run.get(run.size() - 1), glyph)) {
                split(run, words);
                run.clear();
            }
            if (!glyph.text().isEmpty()) {
                run.add(glyph);
            }
        }
        split(run, words);
        attachInitials(words);
        return words;
    }

    /** A large first letter, as high as some lines, belongs to the word beside it on the first of these lines. */
    private static void attachInitials(List<Word> words) {
        for (int i = 0; i < words.size(); i++) {
            Word initial = words.get(i);
            if (initial.text().length() != 1
                    || !Character.isUpperCase(initial.text().charAt(0))) {
                continue;
            }
            OptionalInt beside = IntStream.range(0, words.size())
                    .filter(k -> isBeside(initial, words.get(k)))
                    .boxed()
                    .min(Comparator.comparingDouble((Integer k) -> words.get(k).baseline())
                            .thenComparing(k -> words.get(k).left()))
                    .stream()
                    .mapToInt(Integer::intValue)
                    .findFirst();
            if (beside.isPresent()) {
                Word word = words.get(beside.getAsInt());
                words.set(
                        beside.getAsInt(),
                        new Word(
                                initial.text() + word.text(),
                                initial.left(),
                                word.right(),
                                word.baseline(),
                                word.size()));
                words.remove(i--);
            }
        }
    }

    private static boolean isBeside(Word initial, Word word) {
        double above = initial.baseline() - word.baseline();
        double gap = word.left() - initial.right();
        return initial.size() > INITIAL * word.size()
                && above > word.size() / 2
                && above < initial.size()
                && gap > -0.5 * word.size()
                && gap < 1.5 * word.size();
    }

    private static boolean follows(Glyph last, Glyph glyph) {
        double size = Math.max(last.size(), glyph.size());
        double gap = glyph.left() - last.right();
        return Math.abs(last.baseline() - glyph.baseline()) < 0.1 * size
                && Math.abs(last.size() - glyph.size()) < 0.3 * size
                && gap < 1.5 * size
                && glyph.left() > last.left() - 0.1 * size;
    }

    /** Cuts a run at its spaces and at its gaps. */
    private static void split(List<Glyph> run, List<Word> words) {
        double most = spread(run);
        List<Glyph> word = new ArrayList<>();
        for (Glyph glyph : run) {
            boolean space = glyph.text().isBlank() || glyph.text().equals("\u00A0");
            if (!word.isEmpty()) {
                Glyph last = word.get(word.size() - 1);
                if (space || glyph.left() - last.right() > Math.max(most, gap(glyph))) {
                    words.add(Word.of(word));
                    word.clear();
                }
            }
            if (!space) {
                word.add(glyph);
            }
        }
        if (!word.isEmpty()) {
            words.add(Word.of(word));
        }
    }

    private static double gap(Glyph glyph) {
        return Math.max(LEAST_GAP, Math.min(MOST_GAP, glyph.space() / 2 / glyph.size())) * glyph.size();
    }

    /** Where most letters stand apart, as in a spaced heading, gaps between words are wider still. */
    private static double spread(List<Glyph> run) {
        if (run.size() < 4 || run.stream().anyMatch(glyph -> glyph.text().isBlank())) {
            return 0;
        }
        double[] gaps = new double[run.size() - 1];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = run.get(i + 1).left() - run.get(i).right();
        }
        java.util.Arrays.sort(gaps);
        double median = gaps[gaps.length / 2];
        return median > gap(run.get(0)) ? 1.6 * median : 0;
    }
}
