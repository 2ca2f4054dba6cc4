package io.github.longwing.readers.pdf;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins lines. A hyphen at the end of a line goes away where it only divides a word, and stays where it is part of a
 * compound, as far as the other words of the document, or the parts themselves, tell.
 */
final class Hyphens {
    private static final String HYPHENS = "-\u2010\u00AD";
    private static final Pattern WORD = Pattern.compile("\\p{L}+(?:[-\u2010]\\p{L}+)*");
    private static final Pattern LAST = Pattern.compile("([\\p{L}\\p{N}]+(?:[-\u2010][\\p{L}\\p{N}]+)*)[-\u2010]$");
    private static final Pattern FIRST = Pattern.compile("^(\\p{L}+)((?:[-\u2010]\\p{L}+)*)");

    /** Of two parts that are joined later, as in "pre- and postwar". */
    private static final Set<String> CONJUNCTIONS =
            Set.of("and", "or", "to", "und", "oder", "bzw", "et", "ou", "y", "e", "o");

    /** What mostly begins compounds. */
    private static final Set<String> BEGINNINGS = Set.of(
            "self", "well", "half", "quasi", "cross", "high", "low", "long", "short", "two", "three", "four", "five",
            "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");

    /** What is no word of its own, but an ending. */
    private static final Pattern ENDING = Pattern.compile("(?:e[drn]|est|ing|ly|ness|age|ish|ity|some|ward).*");

    /** Words that begin others with which they are written as one. */
    private static final Set<String> CLOSED_BEGINNINGS = Set.of(
            "with", "how", "there", "here", "where", "some", "any", "every", "not", "out", "over", "under", "down",
            "back", "after", "for", "mean", "what", "when", "who", "through", "can", "the", "other", "more", "per",
            "pro", "con", "her", "him", "our", "may", "nothing", "up");

    private final Set<String> words = new HashSet<>();

    /** Learns from the words that no line end divides. */
    Hyphens(Iterable<Line> lines) {
        boolean goesOn = false;
        for (Line line : lines) {
            String text = line.text();
            boolean divided = !text.isEmpty() && HYPHENS.indexOf(text.charAt(text.length() - 1)) >= 0;
            Matcher matcher = WORD.matcher(text);
            while (matcher.find()) {
                boolean first = goesOn && matcher.start() == 0;
                boolean last = divided && matcher.end() == text.length() - 1;
                if (!first && !last) {
                    words.add(matcher.group().replace('\u2010', '-').toLowerCase(Locale.ROOT));
                }
            }
            goesOn = divided;
        }
    }

    /** The text with a line behind it. */
    void join(StringBuilder text, String line) {
        if (text.isEmpty() || line.isEmpty()) {
            text.append(line);
            return;
        }
        char end = text.charAt(text.length() - 1);
        int begin = line.codePointAt(0);
        if (end == '\u00AD') {
            text.setLength(text.length() - 1);
        } else if (HYPHENS.indexOf(end) >= 0) {
            Matcher last = LAST.matcher(text.substring(Math.max(0, text.length() - 100)));
            Matcher first = FIRST.matcher(line);
            if (last.find() && first.find()) {
                boolean word = words.contains(last.group(1).toLowerCase(Locale.ROOT) + first.group(1));
                if (CONJUNCTIONS.contains(first.group(1)) && !word) {
                    text.append(' ');
                } else if (!isCompound(last.group(1), first.group(1), first.group(2))) {
                    text.setLength(text.length() - 1);
                }
            } else if (!Character.isLetterOrDigit(begin)
                    || text.length() < 2
                    || !Character.isLetterOrDigit(text.charAt(text.length() - 2))) {
                text.append(' ');
            }
        } else if (end != '\u2014' && !(isIdeograph(text.codePointBefore(text.length())) && isIdeograph(begin))) {
            text.append(' ');
        }
        text.append(line);
    }

    private boolean isCompound(String left, String right, String more) {
        if (!Character.isLowerCase(right.codePointAt(0))) {
            return !isUnicase(right); // a name; scripts without cases have no compounds of that kind
        }
        String before = left.replace('\u2010', '-').toLowerCase(Locale.ROOT);
        String part = before.substring(before.lastIndexOf('-') + 1);
        if (words.contains(before + "-" + right) || words.contains(before + "-" + right + more)) {
            return true;
        }
        if (words.contains(part + right) || words.contains(before + right)) {
            return false;
        }
        boolean capitals = left.length() > 1 && left.equals(left.toUpperCase(Locale.ROOT));
        boolean ofWords = part.length() > 2
                && right.length() > 2
                && words.contains(part)
                && words.contains(right)
                && !CLOSED_BEGINNINGS.contains(part);
        return capitals
                || part.length() == 1
                || Character.isDigit(part.codePointBefore(part.length()))
                || ofWords
                || (BEGINNINGS.contains(part) && !ENDING.matcher(right).matches())
                || (!part.equals(before) && words.contains(part))
                || (!more.isEmpty() && words.contains(right));
    }

    private static boolean isUnicase(String text) {
        int c = text.codePointAt(0);
        return Character.toLowerCase(c) == Character.toUpperCase(c);
    }

    private static boolean isIdeograph(int c) {
        Character.UnicodeScript script = Character.UnicodeScript.of(c);
        return List.of(Character.UnicodeScript.HAN, Character.UnicodeScript.HIRAGANA, Character.UnicodeScript.KATAKANA)
                        .contains(script)
                || (c >= 0x3000 && c <= 0x303F)
                || (c >= 0xFF00 && c <= 0xFF0F);
    }
}
