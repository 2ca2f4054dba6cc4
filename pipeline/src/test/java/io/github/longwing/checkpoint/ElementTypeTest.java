package io.github.longwing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ElementTypeTest {
    @Test
    void convertsEveryHalfExactly() {
        for (int half = 0; half <= 0xffff; half++) {
            float converted = ElementType.halfToFloat((short) half);
            assertThat(Float.floatToIntBits(converted))
                    .as("half 0x%04x", half)
                    .isEqualTo(Float.floatToIntBits(expected(half)));
        }
    }

    @Test
    void keepsThePayloadOfAHalfThatIsNotANumber() {
        assertThat(Float.floatToRawIntBits(ElementType.halfToFloat((short) 0xfe01)))
                .isEqualTo(0xffc02000);
    }

    /** IEEE 754: (-1)^sign x 2^(exponent - 15) x 1.fraction, subnormal where the exponent is 0. */
    private static float expected(int half) {
        int exponent = half >> 10 & 31;
        int fraction = half & 1023;
        float magnitude = exponent == 0
                ? Math.scalb((float) fraction, -24)
                : exponent < 31
                        ? Math.scalb(1 + fraction / 1024f, exponent - 15)
                        : fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        return half >> 15 == 0 ? magnitude : -magnitude;
    }
}
