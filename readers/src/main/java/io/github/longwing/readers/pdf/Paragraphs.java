package io.github.longwing.readers.pdf;

import io.github.longwing.fileformat.ReadDocument.PageMark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Puts the lines of a document together to paragraphs, over the ends of columns and pages. A paragraph ends where the
 * next line is farther away, larger, indented, or would have had room for its first word in the line before.
 */
final class Paragraphs {
    private static final Pattern ITEM = Pattern.compile(
            "(?:[•▪■●◦‣⁃∙*\\u2013\\u2014-]|\\d{1,3}(?:[.)]|(?:\\.\\d{1,3})+[.)]?)|\\((?:\\d{1,3}|[a-zA-Z]|[ivx]{1,5})\\)|(?:[a-z]|[ivx]{2,5})[.)]|\\[\\d{1,3}\\]|§+ ?\\d+)[ \\t].*");
    private static final Pattern SENTENCE_END =
            Pattern.compile(".*[.!?:;\\u3002\\uFF01\\uFF1F\\u061F\\u06D4][\"'\\u201D\\u2019\\u00BB)\\]\\d]*");

    /** Lines are no farther from each other than so many times the usual distance. */
    private static final double SPREAD = 1.3;

    /** Rows of a table are no farther. */
    private static final double ROW = 2.5;

    /** What the distance of lines mostly is at the most, in sizes of the font. */
    private static final double MOST_LEADING = 1.75;

    private static final double INDENT = 0.8;

    private static final double SAME_SIZE = 0.12;

    private final Hyphens hyphens;
    private final double size;
    private final double leading;
    private final List<Paragraph> paragraphs = new ArrayList<>();

    /** A paragraph of the columns or pages before that may go on. */
    private Paragraph unfinished;

    /**
     * @param size of the font of most of the text
     * @param leading the distance between its lines
     */
    Paragraphs(Hyphens hyphens, double size, double leading) {
        this.hyphens = hyphens;
        this.size = size;
        this.leading = leading;
    }

    /** All paragraphs, and where each page begins in them. */
    record PagedText(String text, List<PageMark> marks) {}

    /** What is being put together; places are in characters. */
    private static final class Paragraph {
        private final StringBuilder text = new StringBuilder();
        private final List<PageMark> marks = new ArrayList<>();
        private final List<Line> lines = new ArrayList<>();
        private boolean ofOneBlock;

        private Line first() {
            return lines.get(0);
        }

        private Line last() {
            return lines.get(lines.size() - 1);
        }

        /** Marks the page of the last characters. */
        private void mark(int characters, int page) {
            if (marks.isEmpty() || marks.get(marks.size() - 1).page() != page) {
                marks.add(new PageMark(text.length() - characters, page));
            }
        }

        private boolean isItem() {
            return ITEM.matcher(first().text()).matches();
        }

        private boolean endsASentence() {
            return SENTENCE_END.matcher(last().text()).matches();
        }
    }

    /** The distance between lines that is the most common among those of this size. */
    static double leading(List<List<Line>> parts, double size) {
        Map<Long, Integer> counts = new HashMap<>();
        for (List<Line> lines : parts) {
            for (int i = 1; i < lines.size(); i++) {
                double distance = lines.get(i).baseline() - lines.get(i - 1).baseline();
                if (isSame(lines.get(i).size(), size) && isSame(lines.get(i - 1).size(), size) && distance < 4 * size) {
                    counts.merge(Math.round(distance * 4), 1, Integer::sum);
                }
            }
        }
        return counts.entrySet().stream()
                .max(Map.Entry.<Long, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(java.util.Comparator.reverseOrder())))
                .map(most -> most.getKey() / 4.0)
                .orElse(1.2 * size);
    }

    /**
     * Adds a part of a page.
     *
     * @param page from 1
     */
    void add(int page, List<Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        double right = edge(lines);
        Paragraph paragraph = null;
        Paragraph last = null;
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            Line next = i + 1 < lines.size() ? lines.get(i + 1) : null;
            Break kind = paragraph == null ? Break.BLOCK : kind(paragraph, line, next, right);
            if (paragraph == null && goesOn(line)) {
                paragraph = unfinished;
                kind = Break.NONE;
            }
            if (kind == Break.NONE) {
                hyphens.join(paragraph.text, line.text());
            } else {
                paragraph = new Paragraph();
                paragraph.ofOneBlock = kind == Break.LINE;
                paragraph.text.append(line.text());
                paragraphs.add(paragraph);
            }
            paragraph.mark(line.text().length(), page);
            paragraph.lines.add(line);
            last = isSame(line.size(), size) ? paragraph : last;
        }
        if (last != null) {
            boolean full =
                    right - last.last().right() < 0.25 * (right - last.last().left());
            boolean goesOn = endsInHyphen(last.text) || (!last.endsASentence() && full && last.lines.size() > 1);
            unfinished = goesOn ? last : null;
        }
    }

    private static boolean endsInHyphen(CharSequence text) {
        int end = text.length() - 1;
        return end > 0
                && "-\u2010\u00AD".indexOf(text.charAt(end)) >= 0
                && Character.isLetterOrDigit(text.charAt(end - 1));
    }

    /** All of it, an empty line between paragraphs, lines that belong together one below the other. */
    PagedText text() {
        StringBuilder text = new StringBuilder();
        List<PageMark> marks = new ArrayList<>();
        int codePoints = 0;
        int page = 0;
        for (Paragraph paragraph : paragraphs) {
            String gap = text.isEmpty() ? "" : paragraph.ofOneBlock ? "\n" : "\n\n";
            text.append(gap);
            codePoints += gap.length();
            for (PageMark mark : paragraph.marks) {
                if (mark.page() != page) {
                    String before =
                            clean(paragraph.text.substring(0, mark.begin())).stripLeading();
                    marks.add(new PageMark(codePoints + before.codePointCount(0, before.length()), mark.page()));
                    page = mark.page();
                }
            }
            String whole = clean(paragraph.text).strip();
            text.append(whole);
            codePoints += whole.codePointCount(0, whole.length());
        }
        return new PagedText(text.toString(), marks);
    }

    /** Without marks of where a word may be divided. */
    private static String clean(CharSequence text) {
        return text.toString().replace("\u00AD", "");
    }

    /** How a line stands to the paragraph before it. */
    private enum Break {
        /** It goes on. */
        NONE,
        /** It is a line of its own. */
        LINE,
        /** It begins a paragraph. */
        BLOCK
    }

    /** Whether the line goes on with what the part before left open. */
    private boolean goesOn(Line line) {
        if (unfinished == null
                || !isSame(line.size(), unfinished.last().size())
                || line.hasCells()
                || ITEM.matcher(line.text()).matches()) {
            return false;
        }
        int first = line.text().codePointAt(0);
        return endsInHyphen(unfinished.text) || !Character.isUpperCase(first) || isSame(line.size(), size);
    }

    private Break kind(Paragraph paragraph, Line line, Line next, double right) {
        Line last = paragraph.last();
        double distance = line.baseline() - last.baseline();
        double usual = isSame(line.size(), size) ? leading : Math.min(MOST_LEADING, leading / size * 1.2) * line.size();
        if (line.hasCells() && last.hasCells() && distance > 0 && distance < ROW * usual) {
            return Break.LINE;
        }
        if (distance > SPREAD * usual || distance < 0 || !isSame(line.size(), last.size())) {
            return Break.BLOCK;
        }
        if (line.hasCells() || last.hasCells()) {
            return Break.BLOCK;
        }
        if (ITEM.matcher(line.text()).matches()
                && (paragraph.isItem() || isShort(last, line, right) || paragraph.endsASentence())) {
            return Break.LINE;
        }
        if (endsInHyphen(last.text())) {
            return Break.NONE;
        }
        boolean lower = Character.isLowerCase(line.text().codePointAt(0)) || !isCased(line.text());
        boolean open = !paragraph.endsASentence();
        if (open && (lower || last.size() > (1 + SAME_SIZE) * size)) {
            return isCased(line.text()) || !isShort(last, line, right) ? Break.NONE : Break.BLOCK;
        }
        if (isIndented(paragraph, line, next, right)) {
            return Break.BLOCK;
        }
        if (isShort(last, line, right)) {
            return open ? Break.LINE : Break.BLOCK;
        }
        return Break.NONE;
    }

    /** Whether it begins at another place than the lines of its paragraph do. */
    private static boolean isIndented(Paragraph paragraph, Line line, Line next, double right) {
        double indent = INDENT * line.size();
        double begin = begin(line);
        double first = begin(paragraph.first());
        if (paragraph.lines.size() == 1) {
            if (begin > first + indent) {
                boolean back = next == null || begin(next) < begin - indent;
                return !paragraph.isItem()
                        && back
                        && (isShort(paragraph.last(), line, right) || paragraph.endsASentence());
            }
            return begin < first - indent && isShort(paragraph.last(), line, right);
        }
        return Math.abs(begin - begin(paragraph.last())) > indent;
    }

    /** Where a line begins, counted from its side. */
    private static double begin(Line line) {
        return line.isRightToLeft() ? -line.right() : line.left();
    }

    /** Whether the first word of the next line would have had room. */
    private static boolean isShort(Line line, Line next, double right) {
        if (line.isRightToLeft()) {
            return false;
        }
        return line.right() + 0.3 * line.size() + next.firstWordWidth() < right - 0.1 * line.size();
    }

    /** How far lines reach; a few may reach farther. */
    private static double edge(List<Line> lines) {
        double[] edges = lines.stream().mapToDouble(Line::right).sorted().toArray();
        return edges[(int) ((edges.length - 1) * 0.9)];
    }

    private static boolean isCased(String text) {
        return text.codePoints().anyMatch(c -> Character.isLowerCase(c) || Character.isUpperCase(c));
    }

    private static boolean isSame(double size, double other) {
        return Math.abs(size - other) <= SAME_SIZE * Math.max(size, other);
    }
}
