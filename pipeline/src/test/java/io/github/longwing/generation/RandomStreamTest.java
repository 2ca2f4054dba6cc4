package io.github.longwing.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomStreamTest {

    @Test
    void mixesAsSplitMix64() {
        long seed = 42;

        assertThat(RandomStream.mix64(seed + 0x9e37_79b9_7f4a_7c15L)).isEqualTo(new SplittableRandom(seed).nextLong());
    }

    @Test
    void staysTheSameForever() {
        assertThat(new RandomStream(0, "document-17").uniform(0, 0)).isEqualTo(0.41252239485717335);
        assertThat(new RandomStream(-5, "déjà vu").uniform(3, 480_514)).isEqualTo(0.3008583160835284);
    }

    @Test
    void isEvenlySpreadAndNeverZeroOrOne() {
        RandomStream stream = new RandomStream(7, "a");
        double[] numbers = IntStream.range(0, 30_000)
                .mapToDouble(i -> stream.uniform(i / 100, i % 100))
                .toArray();

        assertThat(Arrays.stream(numbers).boxed()).allMatch(u -> u > 0 && u < 1).doesNotHaveDuplicates();
        for (int tenth = 0; tenth < 10; tenth++) {
            double low = tenth / 10.0;
            long inside = IntStream.range(0, numbers.length)
                    .filter(i -> numbers[i] >= low && numbers[i] < low + 0.1)
                    .count();
            assertThat(inside / (double) numbers.length).isCloseTo(0.1, within(0.008));
        }
    }
}
