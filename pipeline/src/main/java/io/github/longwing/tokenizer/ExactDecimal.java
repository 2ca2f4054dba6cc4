package io.github.longwing.tokenizer;

import java.math.BigDecimal;

/**
 * Decimal forms of numbers that native code reads without error. Its JSON reader takes all digits for one integer,
 * rounds that to a double and divides by a power of ten: two roundings, which miss one score in four by a unit in the
 * last place. That is enough to segment a long run, such as a line of dashes, unlike transformers, where the scores of a
 * spiece.model do not pass through JSON.
 *
 * <p>The remedy is a decimal whose digits are a double already, so that only the division rounds, and rounds correctly.
 * There is one for all but about one score in 700; that one stays as it is.
 */
final class ExactDecimal {
    /** Those powers of ten that are doubles. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    /** Digits beyond 64 bits would be cut off. */
    private static final double DIGITS_LIMIT = 0x1p64;

    private ExactDecimal() {}

    /** A decimal that every correct reader, and native code if at all possible, reads as {@code value}. */
    static BigDecimal of(double value) {
        BigDecimal shortest = new BigDecimal(Double.toString(value));
        if (nativeReading(shortest) == value) {
            return shortest;
        }
        for (int scale = POWERS.length - 1; scale >= 0; scale--) {
            double digits = Math.rint(value * POWERS[scale]);
            if (Math.abs(digits) < DIGITS_LIMIT && digits / POWERS[scale] == value) {
                return new BigDecimal(new BigDecimal(digits).toBigIntegerExact(), scale);
            }
        }
        return shortest;
    }

    /** What the JSON reader of native code makes of a decimal of up to 64 bits. */
    static double nativeReading(BigDecimal decimal) {
        double digits = decimal.unscaledValue().doubleValue();
        int scale = decimal.scale();
        return scale >= 0 ? digits / POWERS[scale] : digits * POWERS[-scale];
    }
}
