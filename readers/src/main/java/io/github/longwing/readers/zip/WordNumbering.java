package io.github.longwing.readers.zip;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * The numbers that Word makes before paragraphs, from the parts with the lists and the styles of a document. Counts on
 * with each paragraph that is asked for, so one is for one story and one thread.
 */
final class WordNumbering {
    private static final int LEVELS = 9;
    private static final Pattern PLACE = Pattern.compile("%([1-9])");
    private static final String[] ROMAN = {"m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"};
    private static final int[] ROMAN_VALUES = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};

    /** Beyond it Word writes digits too. */
    private static final int MOST_LETTERS = 780;

    private final Map<String, Element> lists = new HashMap<>();
    private final Map<String, Element> instances = new HashMap<>();
    private final Map<String, Element> styles = new HashMap<>();

    /** How far each list has counted, by its id; null for a level that has not begun. */
    private final Map<String, Integer[]> counts = new HashMap<>();

    private final Set<String> begun = new HashSet<>();

    WordNumbering(Document numbering, Document styles) {
        numbering.getElementsByTag("w:abstractNum").forEach(list -> lists.put(list.attr("w:abstractNumId"), list));
        numbering.getElementsByTag("w:num").forEach(instance -> instances.put(instance.attr("w:numId"), instance));
        styles.getElementsByTag("w:style").forEach(style -> this.styles.put(style.attr("w:styleId"), style));
    }

    /** Of a document without lists. */
    static WordNumbering none() {
        return new WordNumbering(new Document(""), new Document(""));
    }

    /**
     * What stands before the next paragraph, with the space behind it; empty where it has no number, or a bullet.
     *
     * @param style of the paragraph, or null
     * @param number its own instance of a list, or null
     * @param level its own level in it, or null
     */
    String next(String style, String number, String level) {
        String named = number != null ? number : ofStyle(style, "w:numId").orElse("0");
        Element list = list(named, 0);
        if (list == null) {
            return "";
        }
        int depth = level != null ? integer(level, 0) : number != null ? 0 : levelOfStyle(style, list);
        if (depth < 0 || depth >= LEVELS) {
            return "";
        }
        Integer[] counted = counts.computeIfAbsent(list.attr("w:abstractNumId"), id -> new Integer[LEVELS]);
        boolean first = begun.add(named);
        for (int i = 0; first && i < LEVELS; i++) {
            if (override(named, i).map(o -> child(o, "w:startOverride")).isPresent()) {
                counted[i] = null;
            }
        }
        counted[depth] = counted[depth] == null ? start(named, list, depth) : counted[depth] + 1;
        for (int i = depth + 1; i < LEVELS; i++) {
            Integer restart = value(definition(named, list, i), "w:lvlRestart")
                    .map(v -> integer(v, LEVELS))
                    .orElse(LEVELS);
            if (depth < restart) {
                counted[i] = null;
            }
        }
        return label(named, list, depth, counted);
    }

    private String label(String number, Element list, int depth, Integer[] counted) {
        Element definition = definition(number, list, depth);
        String format = value(definition, "w:numFmt").orElse("decimal");
        String pattern = value(definition, "w:lvlText").orElse("");
        if (definition == null || format.equals("bullet") || format.equals("none")) {
            return "";
        }
        boolean digits = child(definition, "w:isLgl") != null;
        Matcher places = PLACE.matcher(pattern);
        StringBuilder label = new StringBuilder();
        while (places.find()) {
            int level = Integer.parseInt(places.group(1)) - 1;
            int count = counted[level] == null ? start(number, list, level) : counted[level];
            String own = value(definition(number, list, level), "w:numFmt").orElse("decimal");
            places.appendReplacement(label, Matcher.quoteReplacement(shown(count, digits ? "decimal" : own)));
        }
        places.appendTail(label);
        boolean apart = !value(definition, "w:suff").orElse("tab").equals("nothing");
        return label.isEmpty() ? "" : label + (apart ? " " : "");
    }

    /** A number as a format shows it; those of other scripts, and words, as digits. */
    private static String shown(int count, String format) {
        return switch (format) {
            case "none", "bullet" -> "";
            case "decimalZero" -> (count < 10 ? "0" : "") + count;
            case "lowerLetter" -> letters(count);
            case "upperLetter" -> letters(count).toUpperCase(Locale.ROOT);
            case "lowerRoman" -> roman(count);
            case "upperRoman" -> roman(count).toUpperCase(Locale.ROOT);
            default -> String.valueOf(count);
        };
    }

    /** After z comes aa, then bb. */
    private static String letters(int count) {
        return count < 1 || count > MOST_LETTERS
                ? String.valueOf(count)
                : String.valueOf((char) ('a' + (count - 1) % 26)).repeat((count - 1) / 26 + 1);
    }

    private static String roman(int count) {
        if (count < 1 || count >= 4000) {
            return String.valueOf(count);
        }
        StringBuilder roman = new StringBuilder();
        int rest = count;
        for (int i = 0; i < ROMAN.length; i++) {
            while (rest >= ROMAN_VALUES[i]) {
                roman.append(ROMAN[i]);
                rest -= ROMAN_VALUES[i];
            }
        }
        return roman.toString();
    }

    private int start(String number, Element list, int depth) {
        return override(number, depth)
                .flatMap(o -> value(o, "w:startOverride"))
                .or(() -> value(definition(number, list, depth), "w:start"))
                .map(value -> integer(value, 1))
                .orElse(1);
    }

    /** The level of a list, as its instance may have it otherwise; null where there is none. */
    private Element definition(String number, Element list, int depth) {
        Element own = override(number, depth).map(o -> child(o, "w:lvl")).orElse(null);
        return own != null ? own : withAttribute(list, "w:lvl", "w:ilvl", String.valueOf(depth));
    }

    private Optional<Element> override(String number, int depth) {
        Element instance = instances.get(number);
        return instance == null
                ? Optional.empty()
                : Optional.ofNullable(withAttribute(instance, "w:lvlOverride", "w:ilvl", String.valueOf(depth)));
    }

    /** The list of an instance, which a style may name; null where there is none. */
    private Element list(String number, int hops) {
        Element instance = instances.get(number);
        Element list = instance == null
                ? null
                : lists.get(value(instance, "w:abstractNumId").orElse(""));
        Optional<String> link = value(list, "w:numStyleLink");
        return link.isEmpty() || hops >= LEVELS
                ? list
                : list(ofStyle(link.get(), "w:numId").orElse(""), hops + 1);
    }

    private int levelOfStyle(String style, Element list) {
        for (Element level : list.children()) {
            if (level.tagName().equals("w:lvl")
                    && value(level, "w:pStyle")
                            .filter(named -> named.equals(style))
                            .isPresent()) {
                return integer(level.attr("w:ilvl"), 0);
            }
        }
        return ofStyle(style, "w:ilvl").map(level -> integer(level, 0)).orElse(0);
    }

    /** What a style, or one that it is based on, says about numbers. */
    private Optional<String> ofStyle(String name, String what) {
        Element style = styles.get(name);
        for (int hops = 0; style != null && hops < 2 * LEVELS; hops++) {
            Element own = child(child(style, "w:pPr"), "w:numPr");
            Optional<String> found = value(own, what);
            if (found.isPresent()) {
                return found;
            }
            style = styles.get(value(style, "w:basedOn").orElse(""));
        }
        return Optional.empty();
    }

    private static Element child(Element parent, String tag) {
        return parent == null
                ? null
                : parent.children().stream()
                        .filter(child -> child.tagName().equals(tag))
                        .findFirst()
                        .orElse(null);
    }

    private static Element withAttribute(Element parent, String tag, String attribute, String value) {
        return parent.children().stream()
                .filter(child ->
                        child.tagName().equals(tag) && child.attr(attribute).equals(value))
                .findFirst()
                .orElse(null);
    }

    private static Optional<String> value(Element parent, String tag) {
        return Optional.ofNullable(child(parent, tag)).map(child -> child.attr("w:val"));
    }

    private static int integer(String digits, int otherwise) {
        return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : otherwise;
    }
}
