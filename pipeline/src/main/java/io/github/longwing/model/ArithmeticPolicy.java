package io.github.longwing.model;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.LinearPolicy;

/** How the two sides of a model multiply: which layers may do it in eight bits depends on what comes out. */
record ArithmeticPolicy(LinearPolicy encoder, LinearPolicy decoder) {

    /**
     * In eight bits everything where text is generated. A label rests on one hidden state behind both sides, and an error
     * of the encoder goes through all of the decoder: with eight bits everywhere the logits of small random classifiers
     * were off by 0.07 (relative), with those of feed-forward layers alone by 0.06, beyond the 0.05 that verify allows;
     * with those of the decoder alone they are within it. Answers and hidden states bear those of both sides.
     */
    static ArithmeticPolicy of(BigBirdPegasusConfig config, Precision precision) {
        LinearPolicy.Bias bias = config.useBias() ? LinearPolicy.Bias.WITH_BIAS : LinearPolicy.Bias.WITHOUT_BIAS;
        LinearPolicy exact = new LinearPolicy(bias, Arithmetic.FLOAT32, Arithmetic.FLOAT32);
        if (precision == Precision.FLOAT32) {
            return new ArithmeticPolicy(exact, exact);
        }
        LinearPolicy everywhere = new LinearPolicy(bias, Arithmetic.INT8, Arithmetic.INT8);
        LinearPolicy feedForward = new LinearPolicy(bias, Arithmetic.FLOAT32, Arithmetic.INT8);
        return switch (config.architecture()) {
            case CONDITIONAL_GENERATION, CAUSAL_LM -> new ArithmeticPolicy(everywhere, everywhere);
            case QUESTION_ANSWERING, BASE -> new ArithmeticPolicy(feedForward, feedForward);
            case SEQUENCE_CLASSIFICATION -> new ArithmeticPolicy(exact, feedForward);
        };
    }
}
