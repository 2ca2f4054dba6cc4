package io.github.longwing.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Intervals from samples of documents. */
class BootstrapTest {
    private static final int SAMPLES = 2_000;

    private static double mean(double[] sums) {
        return sums[1] / sums[0];
    }

    private static Bootstrap of(long seed, double... values) {
        Bootstrap bootstrap = new Bootstrap(seed, SAMPLES, 2);
        for (int i = 0; i < values.length; i++) {
            bootstrap.add("document " + i, new double[] {1, values[i]});
        }
        return bootstrap;
    }

    @Test
    void theIntervalOfAMeanIsThatOfItsStandardError() {
        Random random = new Random(3);
        double[] values = IntStream.range(0, 400)
                .mapToDouble(i -> 5 + 2 * random.nextGaussian())
                .toArray();

        Bootstrap.Estimate estimate = of(7, values).estimate(BootstrapTest::mean);

        assertThat(estimate.value())
                .isCloseTo(
                        IntStream.range(0, 400)
                                .mapToDouble(i -> values[i])
                                .average()
                                .orElseThrow(),
                        within(1e-9));
        double half = 1.96 * 2 / Math.sqrt(400);
        assertThat(estimate.high() - estimate.value()).isCloseTo(half, within(0.15 * half));
        assertThat(estimate.value() - estimate.low()).isCloseTo(half, within(0.15 * half));
    }

    @Test
    void partsThatAreMergedGiveWhatTheWholeGives() {
        Bootstrap whole = of(7, 1, 2, 3, 4);
        Bootstrap first = new Bootstrap(7, SAMPLES, 2);
        Bootstrap second = new Bootstrap(7, SAMPLES, 2);
        second.add("document 3", new double[] {1, 4});
        second.add("document 1", new double[] {1, 2});
        first.add("document 2", new double[] {1, 3});
        first.add("document 0", new double[] {1, 1});
        first.merge(second.toBytes());

        assertThat(first.estimate(BootstrapTest::mean)).isEqualTo(whole.estimate(BootstrapTest::mean));
    }

    @Test
    void theSeedDecides() {
        Bootstrap.Estimate one = of(1, 1, 5, 9, 2, 8).estimate(BootstrapTest::mean);

        assertThat(of(1, 1, 5, 9, 2, 8).estimate(BootstrapTest::mean)).isEqualTo(one);
        assertThat(of(2, 1, 5, 9, 2, 8).estimate(BootstrapTest::mean)).isNotEqualTo(one);
    }

    @Test
    void whatHasOneNameIsDrawnTogether() {
        Bootstrap together = new Bootstrap(5, SAMPLES, 2);
        together.add("a", new double[] {1, 1});
        together.add("a", new double[] {1, 3});
        together.add("b", new double[] {2, 4});

        Bootstrap.Estimate estimate = together.estimate(BootstrapTest::mean);

        assertThat(estimate.low())
                .as("each name has the mean 2, whatever is drawn")
                .isEqualTo(2, within(1e-12));
        assertThat(estimate.high()).isEqualTo(2, within(1e-12));
    }

    @Test
    void withoutSamplesOrDocumentsThereIsNoInterval() {
        Bootstrap bootstrap = new Bootstrap(5, 0, 2);
        bootstrap.add("a", new double[] {1, 3});

        assertThat(bootstrap.estimate(BootstrapTest::mean))
                .isEqualTo(new Bootstrap.Estimate(3, Double.NaN, Double.NaN));
        assertThat(new Bootstrap(5, 10, 2).estimate(BootstrapTest::mean).value())
                .isNaN();
    }
}
