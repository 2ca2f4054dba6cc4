package io.github.longwing.nn;

import io.github.longwing.checkpoint.Weights;

/**
 * How linear layers multiply, and whether those of attention have a bias.
 *
 * @param scores of the projections to queries and keys: an error of theirs goes through the softmax
 * @param values of the other projections around attention
 * @param feedForward of the feed-forward layers
 */
public record LinearPolicy(Bias bias, Arithmetic scores, Arithmetic values, Arithmetic feedForward) {

    /** The config field {@code use_bias}. */
    public enum Bias {
        WITH_BIAS,
        WITHOUT_BIAS
    }

    /** The same arithmetic everywhere. */
    public LinearPolicy(Bias bias, Arithmetic arithmetic) {
        this(bias, arithmetic, arithmetic, arithmetic);
    }

    /** A projection to queries or keys. */
    Linear ofScores(Weights weights, int in, int out) {
        return linear(weights, in, out, scores);
    }

    /** A projection to values, or from them. */
    Linear ofValues(Weights weights, int in, int out) {
        return linear(weights, in, out, values);
    }

    private Linear linear(Weights weights, int in, int out, Arithmetic arithmetic) {
        return switch (bias) {
            case WITH_BIAS -> Linear.withBias(weights, in, out, arithmetic);
            case WITHOUT_BIAS -> Linear.withoutBias(weights, in, out, arithmetic);
        };
    }
}
