package io.github.longwing.readers.pdf;

import io.github.longwing.readers.text.LeftOut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what stands again on page after page: lines at the top or the bottom, apart from the text, that say the same but
 * for a number, and numbers that count the pages.
 */
final class RunningHeads {
    /** How many lines at either end may be heads. */
    private static final int DEPTH = 3;

    /** A head is farther from the text than its lines from each other, so many times. */
    private static final double APART = 1.25;

    /** A page with more lines has room for heads of several parts. */
    private static final int LONG = 8;

    private static final double SAME_HEIGHT = 4;

    private static final String ROMAN = "m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})";
    private static final Pattern NUMBER_ALONE = Pattern.compile(
            "[\\p{Pd}|·•\\[(\\s]*(?:\\p{L}{1,6}\\.?\\s?)?(\\d{1,5}|(?=[ivxlcdm])" + ROMAN
                    + ")(?:\\s?(?:/|\\||\\p{L}{1,4})\\s?\\d{1,5})?[\\p{Pd}|·•\\])\\s]*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBER_AT_AN_END = Pattern.compile("^(\\d{1,5})\\b|\\b(\\d{1,5})$");
    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private final double leading;

    /** @param leading the distance between the lines of most of the text */
    RunningHeads(double leading) {
        this.leading = leading;
    }

    /**
     * A line at an end of a page.
     *
     * @param beside whether the page has other lines than candidates, so that it may tell what heads are
     */
    private record Candidate(int page, Line line, boolean top, boolean beside) {
        private String key() {
            return DIGITS.matcher(line.text().toLowerCase(Locale.ROOT))
                    .replaceAll("#")
                    .replaceAll("\\s+", " ");
        }

        private boolean isAsHighAs(Candidate other) {
            return page != other.page
                    && top == other.top
                    && Math.abs(line.baseline() - other.line.baseline()) <= SAME_HEIGHT;
        }

        /** Two pages that have nothing else prove nothing. */
        private boolean isConfirmedBy(Candidate other) {
            return isAsHighAs(other) && (beside || other.beside);
        }
    }

    /**
     * The words of all pages without heads and numbers.
     *
     * @param leftOut counts them
     */
    List<List<Word>> without(List<List<Word>> pages, LeftOut leftOut) {
        List<Candidate> candidates = new ArrayList<>();
        for (int page = 0; page < pages.size(); page++) {
            candidates(page, Line.of(pages.get(page)), candidates);
        }
        Set<Candidate> found = numbers(candidates, pages.size());
        Map<String, List<Candidate>> same = new HashMap<>();
        candidates.forEach(candidate ->
                same.computeIfAbsent(candidate.key(), key -> new ArrayList<>()).add(candidate));
        for (List<Candidate> group : same.values()) {
            group.stream()
                    .filter(candidate -> group.stream().anyMatch(candidate::isConfirmedBy))
                    .forEach(found::add);
        }
        int alone = (int) found.stream().filter(RunningHeads::isNumber).count();
        leftOut.add("running heads", found.size() - alone);
        leftOut.add("page numbers", alone);
        List<List<Word>> rest = new ArrayList<>();
        for (int page = 0; page < pages.size(); page++) {
            int number = page;
            Set<Word> gone = new HashSet<>();
            found.stream().filter(head -> head.page == number).forEach(head -> gone.addAll(head.line.words()));
            rest.add(pages.get(page).stream()
                    .filter(word -> !gone.contains(word))
                    .toList());
        }
        return rest;
    }

    private static boolean isNumber(Candidate number) {
        return NUMBER_ALONE.matcher(number.line.text().strip()).matches()
                || number.line.text().codePoints().noneMatch(Character::isLetter);
    }

    /** Lines at both ends that a gap parts from the rest; a line of a short page may be at both. */
    private void candidates(int page, List<Line> lines, List<Candidate> candidates) {
        int top = depth(lines, /* first */ 0, /* step */ 1);
        int bottom = depth(lines, /* first */ lines.size() - 1, /* step */ -1);
        if (top + bottom >= lines.size()) {
            // the longer one is the rest
            int longer = Math.max(top, bottom);
            top = top == longer && bottom < longer ? 0 : top;
            bottom = bottom == longer && top < longer && top > 0 ? 0 : bottom;
        }
        boolean beside = top + bottom < lines.size();
        for (int i = 0; i < top; i++) {
            candidates.add(new Candidate(page, lines.get(i), true, beside));
        }
        for (int i = lines.size() - bottom; i < lines.size(); i++) {
            candidates.add(new Candidate(page, lines.get(i), false, beside));
        }
    }

    /** How many lines at one end come before the first gap, and before the second one where the page is long. */
    private int depth(List<Line> lines, int first, int step) {
        int depth = 0;
        for (int i = 0; i < Math.min(DEPTH, lines.size() - 1); i++) {
            Line outer = lines.get(first + step * i);
            Line inner = lines.get(first + step * (i + 1));
            boolean apart = step > 0 ? isApart(outer, inner) : isApart(inner, outer);
            if (apart && (depth == 0 || lines.size() > LONG)) {
                depth = i + 1;
            }
        }
        return depth;
    }

    private boolean isApart(Line upper, Line lower) {
        return lower.baseline() - upper.baseline() > APART * leading;
    }

    /** Numbers that grow by one from page to page, and texts that begin or end with them at the same height. */
    private static Set<Candidate> numbers(List<Candidate> candidates, int pages) {
        Map<Integer, List<Candidate>> byOffset = new HashMap<>();
        Map<Integer, List<Candidate>> endsByOffset = new HashMap<>();
        for (Candidate candidate : candidates) {
            String text = candidate.line.text().strip();
            Matcher alone = NUMBER_ALONE.matcher(text);
            if (alone.matches()) {
                number(alone.group(1))
                        .ifPresent(number -> byOffset.computeIfAbsent(number - candidate.page, key -> new ArrayList<>())
                                .add(candidate));
                continue;
            }
            Matcher end = NUMBER_AT_AN_END.matcher(text);
            while (end.find()) {
                int number = Integer.parseInt(end.group(1) == null ? end.group(2) : end.group(1));
                endsByOffset
                        .computeIfAbsent(number - candidate.page, key -> new ArrayList<>())
                        .add(candidate);
            }
        }
        Set<Candidate> numbers = new HashSet<>();
        byOffset.forEach((offset, group) -> {
            if (isCounting(group) || (offset == 1 && (pages == 1 || group.size() > 1))) {
                numbers.addAll(group);
            }
        });
        endsByOffset.forEach((offset, group) -> {
            for (Candidate candidate : group) {
                long others = group.stream().filter(candidate::isAsHighAs).count();
                if (others >= 2) {
                    numbers.add(candidate);
                }
            }
        });
        return numbers;
    }

    /** Whether at least two of them are on different pages and equally high. */
    private static boolean isCounting(List<Candidate> group) {
        return group.stream().anyMatch(candidate -> group.stream().anyMatch(candidate::isAsHighAs));
    }

    private static OptionalInt number(String text) {
        if (Character.isDigit(text.charAt(0))) {
            return OptionalInt.of(Integer.parseInt(text));
        }
        int value = 0;
        int last = 0;
        for (char c : new StringBuilder(text.toLowerCase(Locale.ROOT))
                .reverse()
                .toString()
                .toCharArray()) {
            int digit =
                    switch (c) {
                        case 'i' -> 1;
                        case 'v' -> 5;
                        case 'x' -> 10;
                        case 'l' -> 50;
                        case 'c' -> 100;
                        case 'd' -> 500;
                        default -> 1000;
                    };
            value += digit < last ? -digit : digit;
            last = Math.max(last, digit);
        }
        return OptionalInt.of(value);
    }
}
