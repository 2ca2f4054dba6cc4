package io.github.longwing.model;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.LinearPolicy;

/** How the linear layers of encoder and decoder multiply. */
record ArithmeticPolicy(LinearPolicy encoder, LinearPolicy decoder) {

    /** That of a model whose layers are as precise as asked for, where its architecture allows it. */
    static ArithmeticPolicy of(BigBirdPegasusConfig config, Precision precision) {
        LinearPolicy.Bias bias = config.useBias() ? LinearPolicy.Bias.WITH_BIAS : LinearPolicy.Bias.WITHOUT_BIAS;
        Arithmetic asked =
                switch (precision) {
                    case FLOAT32 -> Arithmetic.FLOAT32;
                    case INT8 -> Arithmetic.INT8;
                };
        LinearPolicy all = new LinearPolicy(bias, asked, asked);
        LinearPolicy feedForward = new LinearPolicy(bias, Arithmetic.FLOAT32, asked);
        LinearPolicy none = new LinearPolicy(bias, Arithmetic.FLOAT32, Arithmetic.FLOAT32);
        return switch (config.architecture().int8Layers()) {
            case ALL -> new ArithmeticPolicy(all, all);
            case FEED_FORWARD -> new ArithmeticPolicy(feedForward, feedForward);
            case DECODER_FEED_FORWARD -> new ArithmeticPolicy(none, feedForward);
        };
    }
}
