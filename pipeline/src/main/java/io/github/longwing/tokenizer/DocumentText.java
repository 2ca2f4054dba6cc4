package io.github.longwing.tokenizer;

import java.text.Normalizer;

/**
 * A document's text made fit for native code: halves of surrogate pairs replaced, and cut into pieces that can be
 * tokenized one by one with the same result as the whole.
 *
 * <p>A cut lies before a single space between two letters or digits that normalization leaves alone: there a word ends,
 * words are tokenized independently of each other, and neither normalization nor a grapheme reaches across.
 */
final class DocumentText {
    /** What decoders put in the place of input that they cannot read. */
    private static final char REPLACEMENT = '\uFFFD';

    private static final char MALAYALAM_DOT_REPH = '\u0D4E';

    private final String text;

    private DocumentText(String text) {
        this.text = text;
    }

    /** Replaces each half of a missing surrogate pair with U+FFFD, so that the number of code points stays the same. */
    static DocumentText of(String text) {
        int lone = loneSurrogate(text, 0);
        if (lone < 0) {
            return new DocumentText(text);
        }
        char[] chars = text.toCharArray();
        for (; lone >= 0; lone = loneSurrogate(text, lone + 1)) {
            chars[lone] = REPLACEMENT;
        }
        return new DocumentText(new String(chars));
    }

    static boolean isWellFormed(String text) {
        return loneSurrogate(text, 0) < 0;
    }

    int length() {
        return text.length();
    }

    /** The length of a piece in UTF-8, the encoding of native code. */
    long bytes(int begin, int end) {
        long bytes = 0;
        for (int i = begin; i < end; i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    String piece(int begin, int end) {
        return text.substring(begin, end);
    }

    /** Where the piece ends that begins at {@code begin}: at the first cut after {@code length} chars, or at the end. */
    int endOfPiece(int begin, int length) {
        if (length >= text.length() - begin || beginsWithControl()) {
            return text.length();
        }
        int space = text.indexOf(' ', begin + length);
        while (space >= 0 && !isCut(space)) {
            space = text.indexOf(' ', space + 1);
        }
        return space < 0 ? text.length() : space;
    }

    /**
     * Hugging Face's normalizer removes most control characters. Where a text begins with one, it forgets to count it
     * and shifts the offsets of the whole text; they would come out right in all pieces but the first.
     */
    private boolean beginsWithControl() {
        return Character.isISOControl(text.charAt(0)) && "\t\n\f\r".indexOf(text.charAt(0)) < 0;
    }

    private boolean isCut(int space) {
        return space > 0
                && space + 1 < text.length()
                && isSteady(text.charAt(space - 1))
                && isSteady(text.charAt(space + 1));
    }

    /** Of the letters that NFKC leaves alone, one alone joins what follows it, even a space, into a grapheme. */
    private static boolean isSteady(char c) {
        return Character.isLetterOrDigit(c)
                && Normalizer.isNormalized(String.valueOf(c), Normalizer.Form.NFKC)
                && c != MALAYALAM_DOT_REPH;
    }

    /** The index of the first half of a missing pair at or after {@code from}, or -1. */
    private static int loneSurrogate(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !isPaired(text, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isPaired(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }
}
