package io.github.longwing.nn;

/** What is known of the numbers that a layer is given, and by that, which byte stands for a zero. */
enum InputRange {
    /** Any numbers: as many bytes below zero as above it. */
    ANY(Float.NEGATIVE_INFINITY, 127),
    /** The outputs of relu. */
    RELU(0, 0),
    /** The outputs of gelu, of which a few are a little below zero. */
    GELU(-0.171f, 32),
    /** The outputs of silu, likewise. */
    SILU(-0.279f, 32);

    private final float least;
    private final int zero;

    InputRange(float least, int zero) {
        this.least = least;
        this.zero = zero;
    }

    boolean isBounded() {
        return this != ANY;
    }

    /** The byte that a zero becomes. */
    int zero() {
        return zero;
    }

    /** The scale below which the least number would have no byte. */
    float smallestScale() {
        return zero == 0 ? Float.MIN_NORMAL : -least / zero;
    }
}
