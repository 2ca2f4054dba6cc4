package io.github.longwing.nn;

import io.github.longwing.checkpoint.Weights;

/**
 * How linear layers multiply, and whether those of attention have a bias.
 *
 * @param attention of the projections around attention
 * @param others of the feed-forward layers and the output over the vocabulary
 */
public record LinearPolicy(Bias bias, Arithmetic attention, Arithmetic others) {

    /** The config field {@code use_bias}. */
    public enum Bias {
        WITH_BIAS,
        WITHOUT_BIAS
    }

    /** The same arithmetic everywhere. */
    public LinearPolicy(Bias bias, Arithmetic arithmetic) {
        this(bias, arithmetic, arithmetic);
    }

    /** Of a projection around attention. */
    Linear linear(Weights weights, int in, int out) {
        return switch (bias) {
            case WITH_BIAS -> Linear.withBias(weights, in, out, attention);
            case WITHOUT_BIAS -> Linear.withoutBias(weights, in, out, attention);
        };
    }
}
