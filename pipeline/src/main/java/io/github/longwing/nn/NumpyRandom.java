package io.github.longwing.nn;

/**
 * numpy's legacy {@code RandomState}: the Mersenne Twister MT19937 seeded with one integer, and its
 * {@code permutation}. Training drew the random blocks from it, so the paper mode must draw the same numbers.
 */
final class NumpyRandom {
    private static final int STATE_SIZE = 624;
    private static final int SHIFT_SIZE = 397;

    private final int[] state = new int[STATE_SIZE];
    private int position = STATE_SIZE;

    NumpyRandom(int seed) {
        state[0] = seed;
        for (int i = 1; i < STATE_SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** A shuffled copy: Fisher-Yates from the end, as {@code numpy.random.permutation} of an array. */
    int[] permutation(int[] values) {
        int[] shuffled = values.clone();
        for (int i = shuffled.length - 1; i > 0; i--) {
            int j = boundedBy(i);
            int swapped = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = swapped;
        }
        return shuffled;
    }

    /** Uniform in 0..max, by rejection under the smallest mask that covers max. */
    private int boundedBy(int max) {
        int mask = -1 >>> Integer.numberOfLeadingZeros(max);
        int value;
        do {
            value = next() & mask;
        } while (value > max);
        return value;
    }

    private int next() {
        if (position == STATE_SIZE) {
            twist();
        }
        int y = state[position++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < STATE_SIZE; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % STATE_SIZE] & 0x7fffffff);
            state[i] = state[(i + SHIFT_SIZE) % STATE_SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        position = 0;
    }
}
