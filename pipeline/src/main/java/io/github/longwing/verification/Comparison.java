package io.github.longwing.verification;

import java.util.Optional;
import java.util.OptionalDouble;

/** Collects the comparisons of one case and keeps the worst. Not thread-safe. */
final class Comparison {
    private static final double ABSOLUTE_TOLERANCE = 1e-4;
    private static final double RELATIVE_TOLERANCE = 2e-4;
    private static final double SCORE_TOLERANCE = 1e-3;
    private static final double FLOAT32_RESOLUTION = 1e-6; // scores of thousands carry no more digits
    private static final double INT8_RELATIVE_L2 = 0.05;

    private final String name;
    private final String kind;
    private final CaseOutcome.Rule rule;
    private Optional<String> failure = Optional.empty();
    private OptionalDouble tokenAgreement = OptionalDouble.empty();
    private OptionalDouble maxAbsDiff = OptionalDouble.empty();
    private double tolerance;
    private double worst = -1; // error as a part of what is allowed

    Comparison(String name, String kind, CaseOutcome.Rule rule) {
        this.name = name;
        this.kind = kind;
        this.rule = rule;
        this.tolerance = rule == CaseOutcome.Rule.INT8 ? INT8_RELATIVE_L2 : 0;
    }

    void tensor(String tensorName, float[] found, float[] expected) {
        if (found.length != expected.length) {
            fail(tensorName + " has " + found.length + " numbers, expected " + expected.length);
            return;
        }
        double difference = 0;
        double largest = 0;
        double squaredError = 0;
        double squaredExpected = 0;
        boolean finite = true;
        for (int i = 0; i < found.length; i++) {
            double error = Math.abs((double) found[i] - expected[i]);
            finite &= Double.isFinite(error);
            difference = Math.max(difference, error);
            largest = Math.max(largest, Math.abs(expected[i]));
            squaredError += error * error;
            squaredExpected += (double) expected[i] * expected[i];
        }
        switch (rule) {
            case FLOAT32 ->
                judge(tensorName, difference, difference, ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * largest);
            case INT8 ->
                judge(
                        tensorName,
                        difference,
                        Math.sqrt(squaredError) / Math.max(Math.sqrt(squaredExpected), Double.MIN_NORMAL),
                        INT8_RELATIVE_L2);
        }
        if (!finite) {
            fail(tensorName + " holds a number that is not finite");
        }
    }

    void sequences(int[][] found, int[][] expected) {
        long agreeing = 0;
        long total = 0;
        for (int i = 0; i < Math.max(found.length, expected.length); i++) {
            int[] mine = i < found.length ? found[i] : new int[0];
            int[] theirs = i < expected.length ? expected[i] : new int[0];
            total += Math.max(mine.length, theirs.length);
            for (int t = 0; t < Math.min(mine.length, theirs.length); t++) {
                agreeing += mine[t] == theirs[t] ? 1 : 0;
            }
        }
        tokenAgreement = OptionalDouble.of(total == 0 ? 1 : (double) agreeing / total);
        if (rule == CaseOutcome.Rule.FLOAT32 && agreeing != total) {
            fail("sequences agree in " + agreeing + " of " + total + " tokens, expected all");
        }
    }

    void scores(double[] found, double[] expected) {
        if (rule == CaseOutcome.Rule.INT8) {
            return; // another sequence has another score
        }
        if (found.length != expected.length) {
            fail("there are " + found.length + " sequence scores, expected " + expected.length);
            return;
        }
        for (int i = 0; i < found.length; i++) {
            double error = Math.abs(found[i] - expected[i]);
            if (!(error <= SCORE_TOLERANCE + FLOAT32_RESOLUTION * Math.abs(expected[i]))) {
                fail("the score of sequence " + i + " is " + found[i] + ", expected " + expected[i]);
            }
        }
    }

    void fail(String why) {
        failure = Optional.of(failure.map(before -> before + "; " + why).orElse(why));
    }

    CaseOutcome outcome() {
        return new CaseOutcome(name, kind, maxAbsDiff, tolerance, rule, tokenAgreement, failure);
    }

    private void judge(String tensorName, double difference, double error, double allowed) {
        if (!(error <= allowed)) {
            fail(tensorName + " differs by " + error + ", expected at most " + allowed);
        }
        if (!(error / allowed <= worst)) {
            worst = error / allowed;
            maxAbsDiff = OptionalDouble.of(difference);
            tolerance = allowed;
        }
    }
}
