package io.github.longwing.nn;

/** Symmetric quantisation to signed bytes. */
final class Quantization {
    private static final float LARGEST = 127;

    private Quantization() {}

    /** The scale under which the largest of some values becomes 127; 1 where all are 0. */
    static float scale(float[] values, int from, int count) {
        float largest = 0;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest == 0 ? 1 : largest / LARGEST;
    }

    static int quantize(float value, float scale) {
        return Math.round(value / scale);
    }
}
