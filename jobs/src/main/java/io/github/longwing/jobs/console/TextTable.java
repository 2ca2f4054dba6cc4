package io.github.longwing.jobs.console;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows of escaped texts, laid out for a terminal.
 *
 * @param columns what the cells of a row are
 * @param rows each with a cell for every column
 */
public record TextTable(List<Column> columns, List<List<String>> rows) {
    private static final String BETWEEN = " | ";
    private static final String CROSSING = "-+-";
    private static final int MIN_TEXT_WIDTH = 16;

    /** How the cells of a column stand. */
    public enum Alignment {
        /** Texts: as wide as there is room, on several lines. */
        LEFT,
        /** Numbers: on one line, never cut. */
        RIGHT
    }

    /** One column; its name may be broken after an underscore. */
    public record Column(String name, Alignment alignment) {}

    public TextTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * One line or a few for each row; empty where the columns have no room beside one another.
     *
     * @param width the columns of the terminal
     * @param maxLines what a cell may take; longer ones are cut
     */
    public Optional<List<String>> beside(int width, int maxLines) {
        return widths(width).map(widths -> {
            List<String> lines = new ArrayList<>();
            List<List<String>> header = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                header.add(headerLines(columns.get(i).name(), widths[i]));
            }
            append(lines, header, widths);
            lines.add(IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining(CROSSING)));
            for (List<String> row : rows) {
                List<List<String>> cells = new ArrayList<>();
                for (int i = 0; i < widths.length; i++) {
                    cells.add(DisplayText.wrap(row.get(i), widths[i], maxLines));
                }
                append(lines, cells, widths);
            }
            return lines;
        });
    }

    /** A block for each row, with a line or more for each of its cells. */
    public List<String> below(int width, int maxLines) {
        int names = columns.stream()
                .mapToInt(column -> DisplayText.width(column.name()))
                .max()
                .orElse(0);
        int cellWidth = Math.max(MIN_TEXT_WIDTH, width - names - 2);
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            for (int i = 0; i < columns.size(); i++) {
                String name = columns.get(i).name();
                for (String line : DisplayText.wrap(row.get(i), cellWidth, maxLines)) {
                    lines.add((padded(name, names, Alignment.LEFT) + "  " + line).stripTrailing());
                    name = "";
                }
            }
        }
        return lines;
    }

    /** Numbers get what they need; what is left is shared by the texts, the short ones first. */
    private Optional<int[]> widths(int width) {
        int[] widths = new int[columns.size()];
        List<Integer> texts = new ArrayList<>();
        int left = width - BETWEEN.length() * (widths.length - 1);
        for (int i = 0; i < widths.length; i++) {
            widths[i] = natural(i);
            if (columns.get(i).alignment() == Alignment.LEFT) {
                texts.add(i);
            } else {
                left -= widths[i];
            }
        }
        texts.sort((a, b) -> Integer.compare(widths[a], widths[b]));
        for (int i = 0; i < texts.size(); i++) {
            int share = left / (texts.size() - i);
            int column = texts.get(i);
            if (share < Math.min(widths[column], Math.max(MIN_TEXT_WIDTH, headerWidth(column)))) {
                return Optional.empty();
            }
            widths[column] = Math.min(widths[column], share);
            left -= widths[column];
        }
        return left < 0 ? Optional.empty() : Optional.of(widths);
    }

    private int natural(int column) {
        return Math.max(
                headerWidth(column),
                rows.stream()
                        .mapToInt(row -> DisplayText.width(row.get(column)))
                        .max()
                        .orElse(0));
    }

    private int headerWidth(int column) {
        return headerParts(columns.get(column).name()).stream()
                .mapToInt(DisplayText::width)
                .max()
                .orElse(0);
    }

    private static List<String> headerParts(String name) {
        return List.of(name.split("(?<=_)(?!$)"));
    }

    private static List<String> headerLines(String name, int width) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String part : headerParts(name)) {
            if (!line.isEmpty() && DisplayText.width(line + part) > width) {
                lines.add(line);
                line = "";
            }
            line += part;
        }
        lines.add(line);
        return lines;
    }

    private void append(List<String> lines, List<List<String>> cells, int... widths) {
        int height = Collections.max(cells.stream().map(List::size).toList());
        for (int line = 0; line < height; line++) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                List<String> cell = cells.get(i);
                parts.add(padded(
                        line < cell.size() ? cell.get(line) : "",
                        widths[i],
                        columns.get(i).alignment()));
            }
            lines.add(String.join(BETWEEN, parts).stripTrailing());
        }
    }

    private static String padded(String text, int width, Alignment alignment) {
        String blanks = " ".repeat(Math.max(0, width - DisplayText.width(text)));
        return alignment == Alignment.LEFT ? text + blanks : blanks + text;
    }
}
