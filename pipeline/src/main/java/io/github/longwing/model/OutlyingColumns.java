package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.LinearPolicy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Columns of a norm's output that are far larger than the others, which in eight bits leave few steps to the rest of their
 * row: each is divided by a power of two, about the square root of how much larger it is, and the columns of the weights
 * that read it are multiplied by the same. In float32 no product changes by that, since a power of two moves exponents alone.
 */
final class OutlyingColumns {
    /** How many times the median a column has to be. */
    private static final float LEAST_RATIO = 4;

    private OutlyingColumns() {}

    /**
     * The weights of a layer of the model without outlying columns before those of its linear layers that multiply in eight
     * bits.
     *
     * @param readers of the norm before self-attention
     */
    static Weights moved(Weights layer, int dModel, LinearPolicy projections, List<String> readers) {
        Weights moved = layer;
        if (projections.values() == Arithmetic.INT8_ROWS) {
            moved = moved(moved, "self_attn_layer_norm", dModel, readers);
        }
        if (projections.feedForward() == Arithmetic.INT8_ROWS) {
            moved = moved(moved, "final_layer_norm", dModel, List.of("fc1"));
        }
        return moved;
    }

    /**
     * The weights of a layer with the outlying columns of one norm moved into the layers that read it; the same where there
     * are none, and where there are no values.
     *
     * @param norm the name of the norm below {@code layer}
     * @param size of the norm
     * @param readers the names of all linear layers that read it
     */
    static Weights moved(Weights layer, String norm, int size, List<String> readers) {
        if (!layer.hasValues()) {
            return layer;
        }
        float[] divisors = divisors(values(layer, norm + ".weight", size), values(layer, norm + ".bias", size));
        float[] inverses = new float[size];
        boolean any = false;
        for (int i = 0; i < size; i++) {
            inverses[i] = 1 / divisors[i];
            any |= divisors[i] != 1;
        }
        if (!any) {
            return layer;
        }
        Map<String, float[]> factors = new HashMap<>();
        factors.put(norm + ".weight", inverses);
        factors.put(norm + ".bias", inverses);
        readers.forEach(reader -> factors.put(reader + ".weight", divisors));
        return layer.withColumnsTimes(factors);
    }

    /** By the root mean square of each column, whose input has a mean of 0 and a deviation of 1. */
    private static float[] divisors(float[] gain, float[] shift) {
        float[] sizes = new float[gain.length];
        for (int i = 0; i < gain.length; i++) {
            sizes[i] = (float) Math.hypot(gain[i], shift[i]);
        }
        float[] sorted = sizes.clone();
        Arrays.sort(sorted);
        float median = sorted[sorted.length / 2];
        float[] divisors = new float[gain.length];
        for (int i = 0; i < gain.length; i++) {
            float ratio = sizes[i] / median;
            boolean outlying = ratio >= LEAST_RATIO && ratio < Float.POSITIVE_INFINITY;
            divisors[i] = outlying ? Math.scalb(1f, Math.round((float) (Math.log(ratio) / Math.log(4)))) : 1;
        }
        return divisors;
    }

    private static float[] values(Weights layer, String name, int size) {
        float[] values = new float[size];
        layer.get(name, size).read(0, values, 0, size);
        return values;
    }
}
