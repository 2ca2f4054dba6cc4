package io.github.longwing.segmentation;

/**
 * A part of a text.
 *
 * @param begin in Unicode code points from zero
 * @param end exclusive
 */
public record Span(int begin, int end) {
    public Span {
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("A span is " + begin + " to " + end + ", expected 0 <= begin <= end");
        }
    }

    public int length() {
        return end - begin;
    }

    /** Whether the two have a code point in common. */
    public boolean overlaps(Span other) {
        return begin < other.end && other.begin < end;
    }
}
