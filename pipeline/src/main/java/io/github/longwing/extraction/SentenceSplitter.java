package io.github.longwing.extraction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a paragraph after its stops, which are those of many scripts, but not after abbreviations. */
final class SentenceSplitter {
    /** With what may follow: more stops, closing quotes and brackets, marks of notes. */
    private static final Pattern STOP =
            Pattern.compile("[.!?…。！？．｡।॥؟۔።፧։។။᠃]+[\"”’'»›)\\]}」』）】〉》*]*(?:\\[[\\d,–\\- ]{1,12}])*[¹²³⁴⁵⁶⁷⁸⁹⁰]*");

    /** After these no space need follow. */
    private static final String UNSPACED = "。！？．｡";

    private static final Pattern LAST_WORD = Pattern.compile("[^\\s(\\[“\"'‘«„/–—-]*$");
    private static final Set<String> ABBREVIATIONS = Set.of(
            ("mr mrs ms dr prof st sr jr rev gen sen rep gov hon capt lt col sgt messrs al cf vs viz approx ca dept est inc"
                            + " ltd co corp bros assn univ resp esp incl fig figs eq eqs ref refs ed eds app"
                            + " bzw vgl ggf evtl usw sog hrsg mme mlle sra srta dra ud uds sig dott ул им т.е т.к т.н др")
                    .split(" "));

    /** Abbreviations where a number or a letter follows. */
    private static final Set<String> NUMBERED = Set.of(
            ("no nos nr p pp vol vols sec secs art arts ch chap par para cl ex exh sched jan feb mar apr jun jul aug sep sept"
                            + " oct nov dec abs ziff núm pág стр г")
                    .split(" "));

    private static final Set<String> ENDING = Set.of("a.m", "p.m", "etc", "ph.d");

    private SentenceSplitter() {}

    /** Whether a text ends with a stop. */
    static boolean endsSentence(String text) {
        Matcher matcher = STOP.matcher(text);
        for (int from = Math.max(0, text.length() - 24); matcher.find(from); from = matcher.start() + 1) {
            if (matcher.end() == text.length()) {
                return true;
            }
        }
        return false;
    }

    /** The ends of the sentences from {@code begin} to {@code end}, of which the last is {@code end}. */
    static List<Integer> ends(String text, int begin, int end) {
        List<Integer> ends = new ArrayList<>();
        Matcher matcher = STOP.matcher(text).region(begin, end);
        while (matcher.find()) {
            if (matcher.end() < end && isEnd(text, begin, matcher.start(), matcher.end(), end)) {
                ends.add(matcher.end());
            }
        }
        ends.add(end);
        return ends;
    }

    private static boolean isEnd(String text, int begin, int stop, int after, int end) {
        if (UNSPACED.indexOf(text.charAt(stop)) >= 0) {
            return true;
        }
        int next = after;
        while (next < end && Paragraphs.isBlank(text.charAt(next))) {
            next++;
        }
        if (next == after || next == end) {
            return next == end;
        }
        while (next < end && "\"“‘'«„(¿¡[*".indexOf(text.charAt(next)) >= 0) {
            next++;
        }
        if (next == end || Character.isLowerCase(text.codePointAt(next))) {
            return false;
        }
        if (!Character.isLetterOrDigit(text.codePointAt(next))) {
            return false;
        }
        boolean oneStop = text.charAt(stop) == '.' && text.charAt(stop + 1 < end ? stop + 1 : stop) != '!';
        return !oneStop || !isAbbreviation(text, begin, stop, next, end);
    }

    private static boolean isAbbreviation(String text, int begin, int stop, int next, int end) {
        Matcher matcher = LAST_WORD.matcher(text).region(begin, stop);
        String word = matcher.find() ? matcher.group().toLowerCase(Locale.ROOT) : "";
        if (word.isEmpty() || ENDING.contains(word)) {
            return false;
        }
        boolean initials = word.codePointCount(0, word.length()) == 1 && Character.isLetter(word.codePointAt(0));
        boolean inner = word.matches("(?:\\p{L}{1,3}\\.)+\\p{L}{1,3}");
        if (initials || inner || ABBREVIATIONS.contains(word)) {
            return true;
        }
        boolean numberFollows = Character.isDigit(text.codePointAt(next))
                || next + 1 >= end
                || !Character.isLetter(text.codePointAt(next + 1));
        return numberFollows && NUMBERED.contains(word);
    }
}
