package io.github.longwing.evaluation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Sums over documents, and over samples of them drawn with replacement, from which figures get their intervals. A
 * document counts in each sample a number of times drawn from the Poisson distribution with mean 1, by a generator seeded
 * with the seed and the document's name. So parts of a corpus are summed apart and merged, memory does not grow with the
 * corpus, what has one name stays together, and the same documents make the samples of every method that is compared.
 * Not thread-safe.
 */
public final class Bootstrap {
    /** What {@link #estimate} leaves out at either end. */
    private static final double TAIL = 0.025;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double[] POISSON = cumulative();

    private final long seed;
    private final int samples;
    private final int width;
    private final double[] sums; // [1 + samples][width], the documents as they are first

    /**
     * A figure with its 95% interval.
     *
     * @param value NaN where there is nothing to compute it from; so are the ends where there are no samples
     */
    public record Estimate(double value, double low, double high) {}

    /** Without documents. */
    public Bootstrap(long seed, int samples, int width) {
        this.seed = seed;
        this.samples = samples;
        this.width = width;
        this.sums = new double[(1 + samples) * width];
    }

    /**
     * Adds a document to the sums, and to each sample as often as it is drawn.
     *
     * @param document those of one name are drawn together
     */
    public void add(String document, double[] values) {
        int[] used = nonZero(values);
        long state = seed(document);
        for (int sample = 0; sample <= samples; sample++) {
            int times = 1;
            if (sample > 0) {
                state += GOLDEN;
                times = poisson(mixed(state));
            }
            if (times > 0) {
                int at = sample * width;
                for (int i : used) {
                    sums[at + i] += times * values[i];
                }
            }
        }
    }

    /** Adds the documents of another part of the corpus, summed with the same seed, samples and width. */
    public void merge(byte[] other) {
        var values = ByteBuffer.wrap(other).asDoubleBuffer();
        for (int i = 0; i < sums.length; i++) {
            sums[i] += values.get(i);
        }
    }

    /** For {@link #merge}. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(sums.length * Double.BYTES);
        bytes.asDoubleBuffer().put(sums);
        return bytes.array();
    }

    /** The sums over the documents as they are. */
    public double[] sums() {
        return Arrays.copyOf(sums, width);
    }

    /** A figure that is a function of the sums, with its interval by percentiles. */
    public Estimate estimate(ToDoubleFunction<double[]> figure) {
        double[] values = new double[samples];
        int finite = 0;
        for (int sample = 1; sample <= samples; sample++) {
            double value = figure.applyAsDouble(Arrays.copyOfRange(sums, sample * width, (sample + 1) * width));
            if (!Double.isNaN(value)) { // a small sample may hold no document at all
                values[finite++] = value;
            }
        }
        double[] sorted = Arrays.copyOf(values, finite);
        Arrays.sort(sorted);
        return new Estimate(figure.applyAsDouble(sums()), quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
    }

    /** Between two values as far as the share says. */
    private static double quantile(double[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    private static int[] nonZero(double[] values) {
        int[] indices = new int[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                indices[count++] = i;
            }
        }
        return Arrays.copyOf(indices, count);
    }

    private long seed(String document) {
        long state = mixed(seed + GOLDEN);
        for (byte b : document.getBytes(StandardCharsets.UTF_8)) {
            state = mixed(state ^ b);
        }
        return state;
    }

    /** The output function of SplitMix64. */
    private static long mixed(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static int poisson(long random) {
        double uniform = (random >>> 11) * 0x1.0p-53;
        int times = 0;
        while (times < POISSON.length && uniform >= POISSON[times]) {
            times++;
        }
        return times;
    }

    private static double[] cumulative() {
        double[] cumulative = new double[18];
        double probability = Math.exp(-1);
        double sum = 0;
        for (int k = 0; k < cumulative.length; k++) {
            sum += probability;
            cumulative[k] = sum;
            probability /= k + 1;
        }
        return cumulative;
    }
}
