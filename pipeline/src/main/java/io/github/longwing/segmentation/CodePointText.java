package io.github.longwing.segmentation;

import java.util.Arrays;

/** A text addressed by Unicode code points, as the offsets of tokens and of rows are counted. Immutable. */
public final class CodePointText {
    /** One index is kept for so many code points. */
    private static final int STRIDE = 256;

    /** A line end that is white space to all but Java. */
    private static final int NEXT_LINE = 0x85;

    private final String text;
    private final int length;
    private final int[] indices; // where in the text the code points 0, STRIDE, 2 * STRIDE, ... begin

    private CodePointText(String text, int length, int[] indices) {
        this.text = text;
        this.length = length;
        this.indices = indices;
    }

    /** Reads the text once, so that every later access is near an index. */
    public static CodePointText of(String text) {
        int[] indices = new int[text.length() / STRIDE + 1];
        int codePoint = 0;
        for (int i = 0; i < text.length(); codePoint++) {
            if (codePoint % STRIDE == 0) {
                indices[codePoint / STRIDE] = i;
            }
            i += Character.charCount(text.codePointAt(i));
        }
        return new CodePointText(text, codePoint, Arrays.copyOf(indices, (codePoint + STRIDE - 1) / STRIDE));
    }

    /** Whether a text has no sign but white space, of which there is more than {@link String#isBlank} knows. */
    public static boolean isBlank(String text) {
        return text.codePoints().allMatch(CodePointText::isBlank);
    }

    public String text() {
        return text;
    }

    /** In code points. */
    public int length() {
        return length;
    }

    public String substring(Span span) {
        int begin = index(span.begin());
        return text.substring(begin, text.offsetByCodePoints(begin, span.length()));
    }

    /** The span without the white space at its ends; empty, at its end, where there is nothing else. */
    public Span trimmed(Span span) {
        int[] codePoints = substring(span).codePoints().toArray();
        int begin = 0;
        int end = codePoints.length;
        while (begin < end && isBlank(codePoints[begin])) {
            begin++;
        }
        while (end > begin && isBlank(codePoints[end - 1])) {
            end--;
        }
        return new Span(span.begin() + begin, span.begin() + end);
    }

    /** For looking at single code points in ascending order, each in no time. */
    Reader reader() {
        return new Reader();
    }

    /** Not thread-safe. */
    final class Reader {
        private int codePoint;
        private int index;

        private Reader() {}

        boolean isBlank(int position) {
            seek(position);
            return CodePointText.isBlank(text.codePointAt(index));
        }

        /** The first code point from {@code begin} on that is not blank, or {@code end}. */
        int skipBlank(int begin, int end) {
            int position = begin;
            while (position < end && isBlank(position)) {
                position++;
            }
            return position;
        }

        private void seek(int position) {
            index = text.offsetByCodePoints(index, position - codePoint);
            codePoint = position;
        }
    }

    private static boolean isBlank(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == NEXT_LINE;
    }

    private int index(int codePoint) {
        if (codePoint > length) {
            throw new IndexOutOfBoundsException("Code point " + codePoint + " of a text of " + length);
        }
        int known = Math.min(codePoint / STRIDE, indices.length - 1); // -1 for the empty text
        if (known < 0) {
            return 0;
        }
        return text.offsetByCodePoints(indices[known], codePoint - known * STRIDE);
    }
}
