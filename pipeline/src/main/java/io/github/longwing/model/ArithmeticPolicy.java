package io.github.longwing.model;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.LinearPolicy;

/** How the linear layers of encoder and decoder multiply. */
record ArithmeticPolicy(LinearPolicy encoder, LinearPolicy decoder) {

    /**
     * The layers that an architecture multiplies in eight bits where int8 is asked for.
     *
     * <p>In eight bits everywhere where text is generated. A label depends on one hidden state after both sides, and an
     * error of the encoder goes through all of the decoder: with eight bits everywhere the logits of small random
     * classifiers were off by 0.07 (relative), with those of feed-forward layers alone by 0.06, beyond the 0.05 that
     * verify allows; with those of the decoder alone they are within it. Answers and hidden states stay within it with
     * the feed-forward layers of both sides.
     */
    record Choice(BigBirdPegasusConfig config, Precision precision) {

        ArithmeticPolicy everywhere() {
            return new ArithmeticPolicy(linear(eightBits(), eightBits()), linear(eightBits(), eightBits()));
        }

        ArithmeticPolicy feedForward() {
            return new ArithmeticPolicy(
                    linear(Arithmetic.FLOAT32, eightBits()), linear(Arithmetic.FLOAT32, eightBits()));
        }

        ArithmeticPolicy decoderFeedForward() {
            return new ArithmeticPolicy(
                    linear(Arithmetic.FLOAT32, Arithmetic.FLOAT32), linear(Arithmetic.FLOAT32, eightBits()));
        }

        private Arithmetic eightBits() {
            return switch (precision) {
                case FLOAT32 -> Arithmetic.FLOAT32;
                case INT8 -> Arithmetic.INT8;
            };
        }

        private LinearPolicy linear(Arithmetic attention, Arithmetic others) {
            LinearPolicy.Bias bias = config.useBias() ? LinearPolicy.Bias.WITH_BIAS : LinearPolicy.Bias.WITHOUT_BIAS;
            return new LinearPolicy(bias, attention, others);
        }
    }
}
