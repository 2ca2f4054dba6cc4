package io.github.longwing.readers.pdf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The order in which the parts of a page are read. A column is found by its left edge: a strip beside it in which no word
 * stands, for some lines on both sides that read as text. What is above comes first, then the columns, then what is below.
 */
final class Columns {
    /** The least width of a strip between columns, in sizes of the font. */
    private static final double STRIP = 0.7;

    /** The fewest lines on either side, unless another page has the same strip. */
    private static final int FEWEST_LINES = 3;

    /** The fewest letters that a line of text has on the average; cells of tables have fewer. */
    private static final int FEWEST_LETTERS = 14;

    /** Half of the lines of a column are at least so much of the widest. */
    private static final double FILLED = 0.55;

    private static final double EDGE_TOLERANCE = 3;

    private final SortedSet<Double> known = new TreeSet<>();
    private final double size;

    /**
     * Of one document.
     *
     * @param size of the font of most of the text
     */
    Columns(double size) {
        this.size = size;
    }

    /** Remembers the strips of a page that are beyond doubt, so that other pages need fewer lines beside them. */
    void learn(List<Word> page) {
        best(page, FEWEST_LINES * 2).ifPresent(split -> known.add(split.edge));
    }

    /** The lines of all parts, in their order. */
    List<List<Line>> parts(List<Word> page) {
        List<List<Line>> parts = new ArrayList<>();
        divide(page, parts);
        return parts;
    }

    private void divide(List<Word> words, List<List<Line>> parts) {
        if (words.isEmpty()) {
            return;
        }
        Optional<Split> found = best(words, FEWEST_LINES);
        if (found.isEmpty()) {
            parts.add(Line.of(words));
            return;
        }
        Split split = found.get();
        List<Word> above = new ArrayList<>();
        List<Word> below = new ArrayList<>();
        List<Word> left = new ArrayList<>();
        List<Word> right = new ArrayList<>();
        for (Word word : words) {
            if (word.baseline() < split.top) {
                above.add(word);
            } else if (word.baseline() > split.bottom) {
                below.add(word);
            } else {
                (word.left() < split.edge - EDGE_TOLERANCE / 2 ? left : right).add(word);
            }
        }
        boolean rightToLeft = words.stream().filter(Word::isRightToLeft).count() * 2 > words.size();
        divide(above, parts);
        divide(rightToLeft ? right : left, parts);
        divide(rightToLeft ? left : right, parts);
        divide(below, parts);
    }

    /**
     * Where to cut.
     *
     * @param edge the left edge of the column to the right
     * @param top the first baseline of both columns
     * @param bottom the last one
     */
    private record Split(double edge, double top, double bottom, int lines) {}

    private Optional<Split> best(List<Word> words, int fewest) {
        return edges(words).stream()
                .flatMap(edge -> splits(words, edge, isKnown(edge) ? 1 : fewest).stream())
                .max(Comparator.comparingInt(Split::lines));
    }

    private boolean isKnown(double edge) {
        return known.stream().anyMatch(other -> Math.abs(other - edge) <= EDGE_TOLERANCE);
    }

    /** Where lines, or parts of lines after a gap, begin. */
    private List<Double> edges(List<Word> words) {
        TreeMap<Long, Double> edges = new TreeMap<>();
        TreeMap<Long, Integer> counts = new TreeMap<>();
        for (Line line : Line.of(words)) {
            double end = Double.NEGATIVE_INFINITY;
            for (Word word : line.words()) {
                if (word.left() - end >= STRIP * size) {
                    long bin = Math.round(word.left() / EDGE_TOLERANCE);
                    edges.merge(bin, word.left(), Math::min);
                    counts.merge(bin, 1, Integer::sum);
                }
                end = Math.max(end, word.right());
            }
        }
        return edges.entrySet().stream()
                .filter(edge -> counts.get(edge.getKey()) >= FEWEST_LINES || isKnown(edge.getValue()))
                .map(java.util.Map.Entry::getValue)
                .toList();
    }

    /** The stretches from top to bottom in which the strip before the edge is free and both sides are text. */
    private List<Split> splits(List<Word> words, double edge, int fewest) {
        List<Split> splits = new ArrayList<>();
        List<Word> stretch = new ArrayList<>();
        for (Line line : Line.of(words)) {
            if (line.words().stream().anyMatch(word -> isInStrip(word, edge))) {
                split(stretch, edge, fewest).ifPresent(splits::add);
                stretch.clear();
            } else {
                stretch.addAll(line.words());
            }
        }
        split(stretch, edge, fewest).ifPresent(splits::add);
        return splits;
    }

    private boolean isInStrip(Word word, double edge) {
        return word.left() < edge - 0.02 * size && word.right() > edge - STRIP * size;
    }

    private Optional<Split> split(List<Word> stretch, double edge, int fewest) {
        List<Word> left = stretch.stream()
                .filter(word -> word.left() < edge - EDGE_TOLERANCE / 2)
                .toList();
        List<Word> right = stretch.stream()
                .filter(word -> word.left() >= edge - EDGE_TOLERANCE / 2)
                .toList();
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        List<Line> leftLines = Line.of(left);
        List<Line> rightLines = Line.of(right);
        int lines = Math.min(leftLines.size(), rightLines.size());
        if (lines < fewest || !isText(leftLines, fewest) || !isText(rightLines, fewest)) {
            return Optional.empty();
        }
        double top = Collections.min(stretch, Comparator.comparingDouble(Word::baseline))
                .baseline();
        double bottom = Collections.max(stretch, Comparator.comparingDouble(Word::baseline))
                .baseline();
        return Optional.of(new Split(edge, top, bottom, lines));
    }

    private static boolean isText(List<Line> lines, int fewest) {
        if (lines.size() < FEWEST_LINES && fewest < FEWEST_LINES) {
            return true; // the rest of a column that other pages have
        }
        double[] widths = lines.stream()
                .mapToDouble(line -> line.right() - line.left())
                .sorted()
                .toArray();
        double letters =
                lines.stream().mapToInt(line -> letters(line.text())).average().orElseThrow();
        return letters >= FEWEST_LETTERS && widths[widths.length / 2] >= FILLED * widths[widths.length - 1];
    }

    /** An ideograph counts as two. */
    private static int letters(String text) {
        return text.codePoints()
                .map(c -> Character.isWhitespace(c) ? 0 : Character.isIdeographic(c) ? 2 : 1)
                .sum();
    }
}
