package io.github.longwing.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimingsTest {
    @Test
    void takesTheMiddleOfAnOddNumber() {
        assertThat(new Timings(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2.0);
    }

    @Test
    void takesTheMeanOfTheTwoInTheMiddle() {
        assertThat(new Timings(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3.0);
    }

    @Test
    void measuresOnlyTheRunsAfterTheWarmUp() {
        AtomicInteger runs = new AtomicInteger();
        AtomicLong warm = new AtomicLong();
        Timings timings = Timings.of(2, 3, () -> {
            sleep(20);
            if (runs.incrementAndGet() == 2) {
                warm.set(System.nanoTime());
            }
        });
        double afterTheWarmUp = (System.nanoTime() - warm.get()) / 1e9;
        assertThat(runs).hasValue(5);
        assertThat(timings.seconds()).hasSize(3);
        assertThat(timings.seconds().stream().mapToDouble(s -> s).sum()).isBetween(0.05, afterTheWarmUp);
    }

    @Test
    void countsInSeconds() {
        long begin = System.nanoTime();
        double seconds = Timings.secondsOf(() -> sleep(50));

        assertThat(seconds).isBetween(0.05, (System.nanoTime() - begin) / 1e9);
    }

    @Test
    void refusesToBeEmpty() {
        assertThatThrownBy(() -> new Timings(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There are no timings, expected at least one");
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
