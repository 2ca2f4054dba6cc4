package io.github.longwing.segmentation;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence of a text, with the white space after it.
 *
 * @param end what ends with it
 */
public record Sentence(Span span, End end) {
    /** A blank line, with all white space after it. The first line end is atomic, or CR and LF would make two. */
    private static final Pattern PARAGRAPH_END = Pattern.compile("(?>\\R)[\\s\\h]*\\R[\\s\\h]*");

    /** What ends with a sentence. */
    public enum End {
        SENTENCE,
        /** A blank line follows, or the text is over. */
        PARAGRAPH
    }

    /**
     * The sentences of a text: together they are the whole text, each code point once. A blank line always ends a
     * sentence; elsewhere the rules of the locale decide.
     */
    public static List<Sentence> of(String text, Locale locale) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(locale);
        Matcher paragraphEnd = PARAGRAPH_END.matcher(text);
        List<Sentence> sentences = new ArrayList<>();
        int codePoint = 0;
        for (int begin = 0; begin < text.length(); ) {
            int end = paragraphEnd.find(begin) ? paragraphEnd.end() : text.length();
            String paragraph = text.substring(begin, end);
            breaks.setText(paragraph);
            int from = breaks.first();
            for (int to = breaks.next(); to != BreakIterator.DONE; from = to, to = breaks.next()) {
                int length = paragraph.codePointCount(from, to);
                End ending = to == paragraph.length() ? End.PARAGRAPH : End.SENTENCE;
                sentences.add(new Sentence(new Span(codePoint, codePoint + length), ending));
                codePoint += length;
            }
            begin = end;
        }
        return sentences;
    }
}
