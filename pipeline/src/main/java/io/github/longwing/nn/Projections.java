package io.github.longwing.nn;

import io.github.longwing.checkpoint.Weights;

/** How linear layers multiply, and whether those of attention have a bias. */
public record Projections(Bias bias, Arithmetic arithmetic) {

    /** The config field {@code use_bias}. */
    public enum Bias {
        WITH_BIAS,
        WITHOUT_BIAS
    }

    Linear linear(Weights weights, int in, int out) {
        return switch (bias) {
            case WITH_BIAS -> Linear.withBias(weights, in, out, arithmetic);
            case WITHOUT_BIAS -> Linear.withoutBias(weights, in, out, arithmetic);
        };
    }
}
