package io.github.longwing.generation.logits;

import java.util.Arrays;

/** The tokens that are not banned, in the order of a value; of equal values the lower token first. */
final class SortedTokens {
    private final long[] packed; // the value in bits that sort as an integer, then the token

    private SortedTokens(long[] packed) {
        this.packed = packed;
    }

    /**
     * @param scores which tokens are banned
     * @param values what to sort by, for each token
     */
    static SortedTokens ascending(float[] scores, float[] values) {
        return sorted(scores, values, 0);
    }

    /** The highest value first. */
    static SortedTokens descending(float[] scores, float[] values) {
        return sorted(scores, values, -1);
    }

    private static SortedTokens sorted(float[] scores, float[] values, int flip) {
        long[] packed = new long[scores.length];
        int count = 0;
        for (int token = 0; token < scores.length; token++) {
            if (scores[token] != LogitsProcessor.BANNED) {
                packed[count++] = (long) (sortable(values[token]) ^ flip) << Integer.SIZE | token;
            }
        }
        packed = Arrays.copyOf(packed, count);
        Arrays.sort(packed);
        return new SortedTokens(packed);
    }

    int count() {
        return packed.length;
    }

    int token(int place) {
        return (int) packed[place];
    }

    /** The bits of a float in an order that is that of the numbers; 0 and -0 are the same. */
    private static int sortable(float value) {
        int bits = Float.floatToIntBits(value + 0f);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }
}
