package io.github.longwing.nn;

import io.github.longwing.fixture.TensorFile;
import java.util.Arrays;

/** Layers written out in double precision. */
final class Naive {
    private Naive() {}

    static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        Arrays.setAll(result, i -> values[i]);
        return result;
    }

    /** {@code x @ weight^T + bias}, the bias only where there is one. */
    static double[] linear(TensorFile tensors, String name, double[] x, int in, int out) {
        float[] weight = tensors.values(name + ".weight");
        boolean hasBias = tensors.names().contains(name + ".bias");
        int rows = x.length / in;
        double[] result = new double[rows * out];
        for (int row = 0; row < rows; row++) {
            for (int o = 0; o < out; o++) {
                double sum = hasBias ? tensors.values(name + ".bias")[o] : 0;
                for (int i = 0; i < in; i++) {
                    sum += x[row * in + i] * weight[o * in + i];
                }
                result[row * out + o] = sum;
            }
        }
        return result;
    }

    static double[] softmax(double[] scores) {
        double largest = Arrays.stream(scores).max().orElseThrow();
        double[] weights = Arrays.stream(scores).map(s -> Math.exp(s - largest)).toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(w -> w / sum).toArray();
    }

    /**
     * Softmax attention of one query over some keys, head by head.
     *
     * @param keys vectors of all heads, as long as the query
     */
    static double[] attend(double[] query, double[][] keys, double[][] values, int heads) {
        int headSize = query.length / heads;
        double[] context = new double[query.length];
        for (int from = 0; from < query.length; from += headSize) {
            double[] scores = new double[keys.length];
            for (int j = 0; j < keys.length; j++) {
                for (int c = from; c < from + headSize; c++) {
                    scores[j] += query[c] * keys[j][c] / Math.sqrt(headSize);
                }
            }
            double[] weights = softmax(scores);
            for (int j = 0; j < keys.length; j++) {
                for (int c = from; c < from + headSize; c++) {
                    context[c] += weights[j] * values[j][c];
                }
            }
        }
        return context;
    }

    static double[] row(double[] matrix, int row, int width) {
        return Arrays.copyOfRange(matrix, row * width, (row + 1) * width);
    }

    static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElseThrow();
    }

    /** NaN where a number is not finite or the lengths differ. */
    static double largestDifference(float[] found, double[] expected) {
        if (found.length != expected.length) {
            return Double.NaN;
        }
        double largest = 0;
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs(found[i] - expected[i])); // keeps a NaN
        }
        return largest;
    }
}
