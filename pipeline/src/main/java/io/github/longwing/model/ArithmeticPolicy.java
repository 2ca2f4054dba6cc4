package io.github.longwing.model;

import io.github.longwing.config.Architecture.Int8Layers;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.LinearPolicy;

/** How the linear layers of encoder and decoder multiply, and the output over the vocabulary. */
record ArithmeticPolicy(LinearPolicy encoder, LinearPolicy decoder, Arithmetic vocabulary) {

    /** That of a model whose layers are as precise as asked for, where its architecture allows it. */
    static ArithmeticPolicy of(BigBirdPegasusConfig config, Precision precision) {
        LinearPolicy.Bias bias = config.useBias() ? LinearPolicy.Bias.WITH_BIAS : LinearPolicy.Bias.WITHOUT_BIAS;
        return switch (precision) {
            case FLOAT32 -> {
                LinearPolicy exact = new LinearPolicy(bias, Arithmetic.FLOAT32);
                yield new ArithmeticPolicy(exact, exact, Arithmetic.FLOAT32);
            }
            case INT8 ->
                new ArithmeticPolicy(
                        int8(bias, config.encoderInt8()), int8(bias, config.decoderInt8()), Arithmetic.INT8_ROWS);
        };
    }

    private static LinearPolicy int8(LinearPolicy.Bias bias, Int8Layers layers) {
        return switch (layers) {
            case ALL_BUT_SCORES ->
                new LinearPolicy(bias, Arithmetic.FLOAT32, Arithmetic.INT8_ROWS, Arithmetic.INT8_ROWS);
            case FEED_FORWARD -> new LinearPolicy(bias, Arithmetic.FLOAT32, Arithmetic.FLOAT32, Arithmetic.INT8_ROWS);
            case NONE -> new LinearPolicy(bias, Arithmetic.FLOAT32);
        };
    }
}
