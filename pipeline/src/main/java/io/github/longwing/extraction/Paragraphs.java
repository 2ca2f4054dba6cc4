package io.github.longwing.extraction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The paragraphs of a text: the lines that belong together, whether a text has a line for each paragraph or is broken at
 * a width. Tables, headings, code, captions, lists of references and running heads are left out. Offsets are UTF-16
 * indices.
 */
final class Paragraphs {
    /** Texts with longer lines have a line for each paragraph. */
    private static final int MAX_WIDTH = 200;

    /** Shorter lines were not broken because they were full. */
    private static final int MIN_WIDTH = 40;

    private static final int MAX_HEAD = 100;
    private static final int HEAD_REPEATS = 3;
    private static final int MAX_HEADING_WORDS = 10;

    private static final Pattern LINE_END = Pattern.compile("\\R");
    private static final Pattern FENCE = Pattern.compile("(?:```|~~~).*");
    private static final Pattern MARKDOWN_HEADING = Pattern.compile("#{1,6}\\s.*");
    private static final Pattern RULE = Pattern.compile("[-=_*~+|:\\s]+");
    private static final Pattern TABLE =
            Pattern.compile("\\|.*|.*\\|.*\\|.*|.*\\S\\t+\\S.*|.*\\S {3,}\\S.*\\S {3,}\\S.*");
    private static final Pattern MARKUP = Pattern.compile("</?[A-Za-z!][^>]*>");
    private static final Pattern LEADERS = Pattern.compile(".*(?:\\.{4,}|(?:\\. ){3,}|…{2,}).*");
    private static final Pattern CAPTION = Pattern.compile(
            "(?i:fig(?:ure|\\.)?|table|tab\\.|abb(?:ildung|\\.)|tabelle|tableau|tabla|chart|图|表|圖)\\s?[A-Z]?[\\d.]*\\d[A-Za-z]?\\s?[.:|].*");
    private static final Pattern REFERENCES = Pattern.compile(
            "(?:[#*\\s]*)(?:[\\dIVX]+[.)]?\\s+)?(?:references?|bibliography|literature cited|works cited|references and notes"
                    + "|notes and references|sources|further reading|cited literature|literatur|literaturverzeichnis|quellen"
                    + "|références|bibliographie|referencias|bibliografía|bibliografia|referências|riferimenti"
                    + "|参考文献|參考文獻|литература|список литературы|المراجع|संदर्भ)[\\s:*]*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    private static final Pattern ITEM = Pattern.compile(
            "(?:[-*+•·▪◦‣–—●○■□>]|\\d{1,3}[.)]|\\d+(?:\\.\\d+)+\\.?|\\[\\d+]|\\(?[A-Za-z]\\)|\\([ivxlc]{1,5}\\)|\\(\\d{1,3}\\)|§+|ARTICLE|Article \\d+|Section \\d+)(?:\\s.*|)");

    private Paragraphs() {}

    /** A run of lines. */
    record Paragraph(int begin, int end) {}

    private record Line(int begin, int end, String text) {}

    static List<Paragraph> of(String text) {
        List<List<Line>> blocks = blocks(text);
        Map<String, Integer> repeats = new HashMap<>();
        blocks.forEach(block -> block.forEach(line -> {
            if (line.text().length() <= MAX_HEAD) {
                repeats.merge(head(line), 1, Integer::sum);
            }
        }));
        List<Paragraph> paragraphs = new ArrayList<>();
        boolean code = false;
        boolean references = false;
        for (List<Line> block : blocks) {
            int width = block.stream().mapToInt(l -> l.text().length()).max().orElse(0);
            Line last = null; // of the paragraph under way
            int begin = 0;
            for (Line line : block) {
                if (FENCE.matcher(line.text()).matches()) {
                    code = !code;
                }
                if (REFERENCES.matcher(line.text()).matches()) {
                    references = true;
                } else if (references && isHeading(line, block)) {
                    references = false;
                }
                boolean isHead = line.text().length() <= MAX_HEAD
                        && repeats.get(head(line)) >= HEAD_REPEATS
                        && !SentenceSplitter.endsSentence(line.text());
                boolean leftOut = code || references || isHead || isNoProse(line.text());
                if (last != null && (leftOut || !goesOn(last.text(), line.text(), width))) {
                    paragraphs.add(new Paragraph(begin, last.end()));
                    last = null;
                }
                if (!leftOut) {
                    begin = last == null ? line.begin() : begin;
                    last = line;
                }
            }
            if (last != null) {
                paragraphs.add(new Paragraph(begin, last.end()));
            }
        }
        paragraphs.removeIf(
                p -> CAPTION.matcher(text.substring(p.begin(), p.end())).lookingAt());
        return paragraphs;
    }

    /** Lines without the white space at their ends, those between two blank ones together. */
    private static List<List<Line>> blocks(String text) {
        List<List<Line>> blocks = new ArrayList<>();
        List<Line> block = new ArrayList<>();
        var matcher = LINE_END.matcher(text);
        for (int begin = 0; begin <= text.length(); ) {
            boolean found = matcher.find(begin);
            int end = found ? matcher.start() : text.length();
            Line line = line(text, begin, end);
            if (!line.text().isEmpty()) {
                block.add(line);
            } else if (!block.isEmpty()) {
                blocks.add(block);
                block = new ArrayList<>();
            }
            begin = found ? matcher.end() : text.length() + 1;
        }
        if (!block.isEmpty()) {
            blocks.add(block);
        }
        return blocks;
    }

    private static Line line(String text, int from, int to) {
        int begin = from;
        int end = to;
        while (begin < end && isBlank(text.charAt(begin))) {
            begin++;
        }
        while (end > begin && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return new Line(begin, end, text.substring(begin, end));
    }

    static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085' || c == '\u200b' || c == '\ufeff';
    }

    /** What a line has in common with the same running head on other pages. */
    private static String head(Line line) {
        return line.text().replaceAll("\\d+", "#").replaceAll("\\s+", " ");
    }

    private static boolean isNoProse(String line) {
        return MARKDOWN_HEADING.matcher(line).matches()
                || RULE.matcher(line).matches()
                || TABLE.matcher(line).matches()
                || MARKUP.matcher(line).matches()
                || LEADERS.matcher(line).matches();
    }

    private static boolean isHeading(Line line, List<Line> block) {
        String text = line.text();
        return MARKDOWN_HEADING.matcher(text).matches()
                || (block.size() == 1
                        && text.split("\\s+").length <= MAX_HEADING_WORDS
                        && text.codePoints().noneMatch(Character::isDigit)
                        && Character.isUpperCase(text.codePointAt(0))
                        && !SentenceSplitter.endsSentence(text)
                        && !text.endsWith(","));
    }

    /** Whether a line goes on in the next one of its block. */
    private static boolean goesOn(String line, String next, int width) {
        if (ITEM.matcher(next).matches() || SentenceStart.isLabelled(next)) {
            return false;
        }
        if (Character.isLowerCase(next.codePointAt(0))) {
            return true;
        }
        int space = next.indexOf(' ');
        int word = Math.min(space < 0 ? next.length() : space, 12);
        return width <= MAX_WIDTH && width >= MIN_WIDTH && line.length() + 1 + word >= 0.85 * width;
    }
}
