package io.github.longwing.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * How long the same work took, several times.
 *
 * @param seconds of each time, in order; never empty
 */
record Timings(List<Double> seconds) {
    private static final double NANOSECONDS = 1e9;

    Timings {
        seconds = List.copyOf(seconds);
        if (seconds.isEmpty()) {
            throw new IllegalArgumentException("There are no timings, expected at least one");
        }
    }

    /** Works so many times unmeasured, then so many times measured. */
    static Timings of(int warmUps, int runs, Runnable work) {
        for (int i = 0; i < warmUps; i++) {
            work.run();
        }
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            seconds.add(secondsOf(work));
        }
        return new Timings(seconds);
    }

    static double secondsOf(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return secondsSince(start);
    }

    /** Since a {@link System#nanoTime()}. */
    static double secondsSince(long start) {
        return (System.nanoTime() - start) / NANOSECONDS;
    }

    /** The middle one, or the mean of the two in the middle. */
    double median() {
        List<Double> sorted = seconds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
