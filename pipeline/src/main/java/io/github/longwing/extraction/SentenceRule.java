package io.github.longwing.extraction;

import io.github.longwing.segmentation.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What counts as a sentence that may stand in a summary by itself; docs/extractive.md has the rule in words. */
public final class SentenceRule {
    private static final int MIN_WORDS = 8;
    private static final int MAX_WORDS = 60;
    private static final double MIN_LETTERS = 0.85;

    private static final Pattern UNSPACED_LETTER = Pattern.compile(
            "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}]");
    private static final String OPENING = "\"“‘'«„(¿¡「『（《*_";

    /** An entry of a list of references: names with initials and a year, or what only such entries have. */
    private static final Pattern REFERENCE = Pattern.compile(
            "^\\p{Lu}[\\p{L}'’\\-]+,? (?:\\p{Lu}\\.?[ -]?){1,3}[,.:;&(].*\\b(?:1[89]|20)\\d\\d\\b.*"
                    + "|^(?:\\p{Lu}[\\p{L}'’\\-]+,? \\p{Lu}{1,3}[.,;&]+ ?(?:and |& )?){2,}.*"
                    + "|^\\p{Lu}[\\p{L}'’\\-]+,? \\p{Lu}{1,3}, \\p{Lu}[\\p{L}'’\\-]+,? \\p{Lu}{1,3}[.,].*"
                    + "|.*\\b(?:doi|DOI): ?10\\..*|.*\\b(?:PubMed|Crossref|ISBN)\\b.*|.*\\d+ ?\\(\\d+\\): ?e?\\d+.*",
            Pattern.DOTALL);

    /** Says what a figure shows that the reader of a summary does not see. */
    private static final Pattern FIGURE =
            Pattern.compile("^.{0,25}\\b(?:Figures?|Figs?\\.|Tables?)\\s[A-Z]?\\d.*", Pattern.DOTALL);

    /** Sounds that transcripts keep, of which one may slip in. */
    private static final Pattern FILLER = Pattern.compile("\\b(?:u[hm]+|erm?|h?mm+)\\b", Pattern.CASE_INSENSITIVE);

    private SentenceRule() {}

    /** The sentences that may stand, in their order, without white space at their ends; of equal ones the first. */
    public static List<Span> sentences(String text) {
        List<Span> sentences = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Span span : spans(text, Paragraphs.of(text))) {
            String sentence = text.substring(span.begin(), span.end());
            if (mayStand(sentence) && seen.add(sentence.replaceAll("\\s+", " ").toLowerCase(Locale.ROOT))) {
                sentences.add(span);
            }
        }
        return inCodePoints(text, sentences);
    }

    /** All sentences and lines with a letter or a digit, for a text that has no sentence that may stand. */
    public static List<Span> anything(String text) {
        List<Paragraphs.Paragraph> lines = new ArrayList<>();
        int begin = 0;
        while (begin < text.length()) {
            int end = text.indexOf('\n', begin);
            end = end < 0 ? text.length() : end;
            lines.add(new Paragraphs.Paragraph(begin, end));
            begin = end + 1;
        }
        List<Span> spans = spans(text, lines);
        spans.removeIf(s -> text.substring(s.begin(), s.end()).codePoints().noneMatch(Character::isLetterOrDigit));
        return inCodePoints(text, spans);
    }

    private static List<Span> spans(String text, List<Paragraphs.Paragraph> paragraphs) {
        List<Span> spans = new ArrayList<>();
        for (Paragraphs.Paragraph paragraph : paragraphs) {
            int from = SentenceStart.skip(text, paragraph.begin(), paragraph.end());
            for (int end : SentenceSplitter.ends(text, from, paragraph.end())) {
                int begin = from;
                while (begin < end && Paragraphs.isBlank(text.charAt(begin))) {
                    begin++;
                }
                begin = SentenceStart.skipHeading(text, begin, end);
                int last = end;
                while (last > begin && Paragraphs.isBlank(text.charAt(last - 1))) {
                    last--;
                }
                if (last > begin) {
                    spans.add(new Span(begin, last));
                }
                from = end;
            }
        }
        return spans;
    }

    private static boolean mayStand(String sentence) {
        double words = words(sentence);
        return words >= MIN_WORDS
                && words <= MAX_WORDS
                && SentenceSplitter.endsSentence(sentence)
                && beginsSentence(sentence)
                && letters(sentence) > MIN_LETTERS
                && sentence.chars().noneMatch(c -> c == '|' || c == '{' || c == '}')
                && FILLER.matcher(sentence).results().count() <= 1
                && isBalanced(sentence)
                && !REFERENCE.matcher(sentence).matches()
                && !FIGURE.matcher(sentence).matches();
    }

    /** Words between spaces; of a script without spaces two characters are a word. */
    private static double words(String sentence) {
        double words = 0;
        for (String word : sentence.split("\\s+", /* limit, all of them */ 0)) {
            long unspaced = UNSPACED_LETTER.matcher(word).results().count();
            words += unspaced > 0 ? Math.max(1, unspaced / 2.0) : 1;
        }
        return words;
    }

    /** With a letter that is not a small one, or a number where the script has no capitals. */
    private static boolean beginsSentence(String sentence) {
        int at = 0;
        while (at < sentence.length() && OPENING.indexOf(sentence.charAt(at)) >= 0) {
            at++;
        }
        if (at == sentence.length()) {
            return false;
        }
        int first = sentence.codePointAt(at);
        if (Character.isDigit(first)) {
            int letter = sentence.codePoints()
                    .filter(Character::isLetter)
                    .findFirst()
                    .orElse('a');
            return !Character.isUpperCase(letter) && !Character.isLowerCase(letter);
        }
        return Character.isLetter(first) && !Character.isLowerCase(first);
    }

    /** The share of letters, of the signs that belong to them, and of white space; two for each without spaces. */
    private static double letters(String sentence) {
        long unspaced = UNSPACED_LETTER.matcher(sentence).results().count();
        long letters = sentence.codePoints()
                .filter(c ->
                        Character.isLetter(c) || isMark(c) || Character.isWhitespace(c) || Character.isSpaceChar(c))
                .count();
        return (double) (letters + unspaced) / (sentence.codePointCount(0, sentence.length()) + unspaced);
    }

    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> codePoint == 0x200c || codePoint == 0x200d; // joiners
        };
    }

    /** Whether each bracket is closed: where not, the sentence is a part of one. */
    private static boolean isBalanced(String sentence) {
        int open = 0;
        for (int i = 0; i < sentence.length(); i++) {
            char c = sentence.charAt(i);
            if ("([{（".indexOf(c) >= 0) {
                open++;
            } else if (")]}）".indexOf(c) >= 0 && --open < 0) {
                return false;
            }
        }
        return open == 0;
    }

    private static List<Span> inCodePoints(String text, List<Span> spans) {
        List<Span> result = new ArrayList<>();
        int index = 0;
        int codePoint = 0;
        for (Span span : spans) {
            int begin = codePoint + text.codePointCount(index, span.begin());
            int end = begin + text.codePointCount(span.begin(), span.end());
            result.add(new Span(begin, end));
            index = span.end();
            codePoint = end;
        }
        return result;
    }
}
