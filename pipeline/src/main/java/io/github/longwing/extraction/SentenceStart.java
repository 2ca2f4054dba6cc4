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

    /** Words in capitals, such as a heading has, with the numbers of articles among them. */
    private static final String CAPITALS = "(?:(?:\\p{Lu}[\\p{Lu}\\p{M}&/;’'\\-]*|&|\\d{1,3})\\.?\\s+)";

    /** Extraction from a page leaves a heading and the clause below it on one line. */
    private static final List<Pattern> HEADINGS = List.of(
            Pattern.compile(CAPITALS + "{1,14}\\d{1,3}(?:\\.\\d{1,3})+[.)]?\\s+(?=[\\p{Lu}“\"(])"),
            // "THE SELLER AGREES THAT The ..." is one sentence, and so is "GENERAL MOTORS Company ..."
            Pattern.compile(
                    "(?:(?:ARTICLE|SECTION|PART|CLAUSE)\\s+[\\dIVXLC]+[.:]?\\s+)?(?:\\p{Lu}[\\p{Lu}&/;’'\\-]*\\s+){1,12}"
                            + "(?<!\\b(?:THAT|THE|AND|OR|OF|IN|AS|BY|TO|FOR|IF|AT|ON|WITH|FROM|UNDER|WHICH|UNLESS|A|AN)\\s)"
                            + "(?=(?:The|This|These|Each|Any|All|No|Either|Neither|Both|In|If|Upon|Unless|Except|Subject|During|Such|We|Our)\\s+[\\p{Ll}“\"(])"));

    private SentenceStart() {}

    /** Whether a line begins with the name of who speaks. */
    static boolean isLabelled(String line) {
        return LABEL.matcher(line).lookingAt();
    }

    /** Where in the text a sentence begins that may have a heading in front of it. */
    static int skipHeading(String text, int begin, int end) {
        for (Pattern heading : HEADINGS) {
            Matcher matcher = heading.matcher(text).region(begin, end);
            if (matcher.lookingAt()) {
                return matcher.end();
            }
        }
        return begin;
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
