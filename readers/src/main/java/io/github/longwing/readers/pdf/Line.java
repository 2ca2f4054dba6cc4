package io.github.longwing.readers.pdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words on one line, from left to right. */
record Line(List<Word> words, double left, double right, double baseline, double size, String text) {
    /** Parts of a word that were drawn one by one are no farther from each other, in sizes of the font. */
    private static final double JOINED = 0.1;

    /** Cells of a table are at least so far from each other, in sizes of the font; justified words are nearer. */
    private static final double CELL = 1.6;

    /** So near they may be where other words of the line are nearer still, or where they are numbers. */
    private static final double NEAR_CELL = 0.8;

    /** How much farther cells are from each other than words. */
    private static final double FARTHER = 2.2;

    private static final String STOPS = ".,;:!?\u061F\u060C";

    /** What a list or a clause begins with, and the space behind it. */
    private static final Pattern LABEL = Pattern.compile(
            "^(\\(?(?:\\d{1,3}(?:\\.\\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,6})[.)]?|\\[\\d{1,3}\\]|[^\\p{L}\\d\\s])\t");

    /** Baselines that differ by less belong to one line, in sizes of the font. */
    private static final double SAME_BASELINE = 0.25;

    /** How far the baseline of a small letter may be from that of its line, in sizes of the line's font. */
    private static final double RAISED = 0.6;

    private static final double SMALL = 0.85;

    private static Line of(List<Word> unordered) {
        List<Word> words = new ArrayList<>(unordered);
        words.sort(Comparator.comparingDouble(Word::left));
        Word main = words.stream()
                .max(Comparator.comparingDouble(
                        word -> word.size() * Math.min(word.text().length(), 40)))
                .orElseThrow();
        double left = words.get(0).left();
        double right = words.stream().mapToDouble(Word::right).max().orElseThrow();
        return new Line(words, left, right, main.baseline(), main.size(), text(words));
    }

    /** The lines that words make, from top to bottom. */
    static List<Line> of(Iterable<Word> unordered) {
        List<Word> words = new ArrayList<>();
        unordered.forEach(words::add);
        words.sort(Comparator.comparingDouble(Word::baseline));
        List<List<Word>> groups = new ArrayList<>();
        double baseline = Double.NEGATIVE_INFINITY;
        for (Word word : words) {
            if (groups.isEmpty() || word.baseline() - baseline > SAME_BASELINE * word.size()) {
                groups.add(new ArrayList<>());
                baseline = word.baseline();
            }
            groups.get(groups.size() - 1).add(word);
        }
        List<Line> lines = new ArrayList<>(groups.stream().map(Line::of).toList());
        attachRaised(lines);
        return lines;
    }

    /** Puts what is raised or lowered, such as the mark of a note, into the line that it belongs to. */
    private static void attachRaised(List<Line> lines) {
        for (int i = 0; i < lines.size(); i++) {
            Line small = lines.get(i);
            for (int neighbour : new int[] {i + 1, i - 1}) {
                if (neighbour < 0 || neighbour >= lines.size() || !small.isRaisedFrom(lines.get(neighbour))) {
                    continue;
                }
                Line line = lines.get(neighbour);
                List<Word> attached =
                        small.words.stream().filter(word -> line.isBeside(word)).toList();
                if (attached.isEmpty()) {
                    continue;
                }
                List<Word> together = new ArrayList<>(line.words);
                together.addAll(attached);
                lines.set(neighbour, of(together));
                List<Word> rest = new ArrayList<>(small.words);
                rest.removeAll(attached);
                if (rest.isEmpty()) {
                    lines.remove(i--);
                } else {
                    lines.set(i, of(rest));
                }
                break;
            }
        }
    }

    private boolean isRaisedFrom(Line line) {
        return size < SMALL * line.size && Math.abs(baseline - line.baseline) < RAISED * line.size;
    }

    private boolean isBeside(Word word) {
        return words.stream()
                .anyMatch(own -> word.left() - own.right() < 0.5 * size && own.left() - word.right() < 0.5 * size);
    }

    /** Whether it has gaps as between cells of a table. */
    boolean hasCells() {
        return text.indexOf('\t') >= 0;
    }

    boolean isRightToLeft() {
        return isRightToLeft(words);
    }

    double firstWordWidth() {
        Word first = isRightToLeft() ? words.get(words.size() - 1) : words.get(0);
        return first.right() - first.left();
    }

    private static boolean isRightToLeft(List<Word> words) {
        long right = words.stream().filter(Word::isRightToLeft).count();
        return right > 0 && right >= words.stream().filter(Word::isLeftToRight).count();
    }

    private static String text(List<Word> seen) {
        List<Word> words = read(seen);
        double narrowest = Double.MAX_VALUE;
        for (int i = 1; i < words.size(); i++) {
            double gap = gap(words.get(i - 1), words.get(i));
            narrowest = gap > JOINED ? Math.min(narrowest, gap) : narrowest;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            if (i > 0) {
                double gap = gap(words.get(i - 1), word);
                boolean numbers = hasDigit(words.get(i - 1)) && hasDigit(word);
                boolean named = words.get(i - 1).text().endsWith(":");
                boolean cell = gap > CELL || (gap > NEAR_CELL && !named && (gap > FARTHER * narrowest || numbers));
                text.append(cell ? "\t" : gap > JOINED ? " " : "");
            }
            text.append(word.text());
        }
        if (isRightToLeft(words) && STOPS.indexOf(text.charAt(0)) >= 0) {
            // the line was set as one from left to right, whose end is to the right
            text.append(text.charAt(0)).deleteCharAt(0);
        }
        Matcher label = LABEL.matcher(text);
        return label.find() && text.indexOf("\t", label.end()) < 0
                ? label.group(1) + " " + text.substring(label.end())
                : text.toString();
    }

    /** In sizes of the font. */
    private static double gap(Word last, Word word) {
        double size = Math.max(word.size(), last.size());
        return Math.max(word.left() - last.right(), last.left() - word.right()) / size;
    }

    private static boolean hasDigit(Word word) {
        return word.text().codePoints().anyMatch(Character::isDigit);
    }

    /** The words as they are read: in a line from right to left what goes from left to right keeps its order. */
    private static List<Word> read(List<Word> seen) {
        if (seen.stream().noneMatch(Word::isRightToLeft)) {
            return seen;
        }
        boolean rightToLeft = isRightToLeft(seen);
        List<Word> read = new ArrayList<>();
        List<Word> run = new ArrayList<>();
        List<Word> inOrder = new ArrayList<>(seen);
        if (rightToLeft) {
            java.util.Collections.reverse(inOrder);
        }
        for (Word word : inOrder) {
            boolean against = rightToLeft ? word.isLeftToRight() : word.isRightToLeft();
            boolean neutral = !word.isLeftToRight() && !word.isRightToLeft();
            if (against || (neutral && !run.isEmpty())) {
                run.add(word);
            } else {
                flush(run, read);
                read.add(word);
            }
        }
        flush(run, read);
        return read;
    }

    /** Adds words that go against the line the other way round; neutral ones at their end stay where they are. */
    private static void flush(List<Word> run, List<Word> read) {
        int end = run.size();
        while (end > 0 && !run.get(end - 1).isLeftToRight() && !run.get(end - 1).isRightToLeft()) {
            end--;
        }
        for (int i = end - 1; i >= 0; i--) {
            read.add(run.get(i));
        }
        read.addAll(run.subList(end, run.size()));
        run.clear();
    }
}
