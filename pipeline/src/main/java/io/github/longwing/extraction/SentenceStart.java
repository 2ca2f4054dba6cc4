package io.github.longwing.extraction;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands before the first sentence of a paragraph and is no part of it: bullets, numbers, speakers. */
final class SentenceStart {
    private static final String TIME = "[\\[(]?\\d{1,2}:\\d{2}(?::\\d{2})?(?:[.,]\\d{1,3})?[\\])]?";
    private static final String NAME = "\\p{Lu}[\\p{L}\\p{M}'’.\\-]*";
    private static final Pattern LABEL = Pattern.compile("(?:>> ?)?\\*{0,2}" + NAME + "(?: (?:" + NAME
            + "|of|de|van|von|la|the|\\d{1,3}|\\([^)]{1,40}\\)|" + TIME + ")){0,5}(?:, [^:.]{1,40})?\\*{0,2}(?: ?"
            + TIME
            + ")?:\\*{0,2}\\s+|(?:[\\p{IsHan}]{1,6}(?:\\d{1,2})?[：:])\\s*");
    private static final List<Pattern> MARKS = List.of(
            Pattern.compile("[-*+•·▪◦‣–—●○■□>]+\\s+"),
            Pattern.compile("\\[[ xX]]\\s+"),
            Pattern.compile(TIME + "(?:\\s*-+>\\s*" + TIME + ")?\\s+"),
            Pattern.compile(
                    "(?:Section|SECTION|Article|ARTICLE|Clause|Sec\\.|Art\\.|§+)\\s*[\\dIVXLC]+(?:\\.\\d+)*[a-z]?[.:)]?\\s+(?=\\p{Lu})"),
            Pattern.compile("\\d{1,3}(?:\\.\\d{1,3})*[.)]?\\s+(?=[\\p{Lu}“\"(])"),
            Pattern.compile("\\[\\d{1,3}]\\s*"),
            Pattern.compile("\\(?(?:[A-Za-z]|[ivxlcIVXLC]{1,5}|\\d{1,3})\\)\\s+"),
            Pattern.compile("[（(]?[一二三四五六七八九十\\d]{1,3}[）)、]\\s*"),
            LABEL);

    private SentenceStart() {}

    /** Whether a line begins with the name of who speaks. */
    static boolean isLabelled(String line) {
        return LABEL.matcher(line).lookingAt();
    }

    /** Where in the text the first sentence of what begins at {@code begin} begins. */
    static int skip(String text, int begin, int end) {
        int at = begin;
        for (boolean moved = true; moved; ) {
            moved = false;
            for (Pattern mark : MARKS) {
                Matcher matcher = mark.matcher(text).region(at, end);
                if (matcher.lookingAt() && matcher.end() < end) {
                    at = matcher.end();
                    moved = true;
                }
            }
        }
        return at;
    }
}
