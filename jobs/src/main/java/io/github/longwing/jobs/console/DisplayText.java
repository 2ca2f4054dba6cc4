package io.github.longwing.jobs.console;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Text of documents as a terminal may be given it: no control characters, measured in columns of the terminal. */
public final class DisplayText {
    private static final String CUT = "…";
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final Set<UnicodeScript> WIDE_SCRIPTS = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.HANGUL,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.YI);

    private DisplayText() {}

    /**
     * Writes characters that would move the cursor, change the direction of the text or not be seen at all as Java
     * writes them, such as {@code \n} and {@code \u001b}.
     */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (isSafe(c)) {
                        escaped.appendCodePoint(c);
                    } else if (c <= Character.MAX_VALUE) {
                        escaped.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        escaped.append(String.format(Locale.ROOT, "\\u{%x}", c));
                    }
                }
            }
        });
        return escaped.toString();
    }

    /** How many columns of a terminal an escaped text takes. */
    public static int width(String text) {
        return text.codePoints().map(DisplayText::width).sum();
    }

    /**
     * Breaks an escaped text into lines, between words where it can.
     *
     * @param width the columns of a line, at least 3
     * @param maxLines what does not fit into so many is left out, and the last line ends in an ellipsis
     */
    public static List<String> wrap(String text, int width, int maxLines) {
        List<String> lines = new ArrayList<>();
        int begin = 0;
        while (begin < text.length()) {
            int end = lineEnd(text, begin, width);
            if (end < text.length() && lines.size() == maxLines - 1) {
                lines.add(text.substring(begin, fit(text, begin, width - 1)).stripTrailing() + CUT);
                return lines;
            }
            lines.add(text.substring(begin, end).stripTrailing());
            begin = end;
            while (begin < text.length() && text.charAt(begin) == ' ') {
                begin++;
            }
        }
        return lines.isEmpty() ? List.of("") : lines;
    }

    private static int lineEnd(String text, int begin, int width) {
        int fits = fit(text, begin, width);
        if (fits == text.length() || text.charAt(fits) == ' ') {
            return fits;
        }
        int space = text.lastIndexOf(' ', fits - 1);
        return space > begin ? space : fits;
    }

    /** Where the text that fits ends; always after at least one character and never before its accents. */
    private static int fit(String text, int begin, int width) {
        int used = 0;
        int end = begin;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            used += width(c);
            if (used > width && end > begin) {
                return end;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    private static boolean isSafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            case Character.FORMAT -> c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER;
            default -> true;
        };
    }

    private static int width(int c) {
        if (c < 0x300) {
            return 1;
        }
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        return isWide(c) ? 2 : 1;
    }

    private static boolean isWide(int c) {
        if (c >= 0xFF61 && c <= 0xFFDC) { // half-width forms of wide scripts
            return false;
        }
        return WIDE_SCRIPTS.contains(UnicodeScript.of(c))
                || (c >= 0x3000 && c <= 0x303E) // punctuation of these scripts
                || (c >= 0x30FB && c <= 0x30FC)
                || (c >= 0xFF01 && c <= 0xFF60) // full-width forms
                || (c >= 0xFFE0 && c <= 0xFFE6)
                || (c >= 0x1F300 && c <= 0x1F64F) // emoji
                || (c >= 0x1F680 && c <= 0x1F6FF)
                || (c >= 0x1F900 && c <= 0x1FAFF);
    }
}
