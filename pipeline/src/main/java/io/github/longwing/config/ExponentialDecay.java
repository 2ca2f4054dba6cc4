package io.github.longwing.config;

/**
 * A growing reward for the eos token.
 *
 * @param startIndex new tokens after which it starts
 * @param factor what the score of the eos grows by with each further token; above 1 shortens texts
 */
public record ExponentialDecay(int startIndex, double factor) {
    public ExponentialDecay {
        if (startIndex < 0) {
            throw new IllegalArgumentException("exponential_decay_length_penalty starts at " + startIndex
                    + ", expected a number of tokens from 0 up");
        }
        if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "exponential_decay_length_penalty has the factor " + factor + ", expected a finite number above 0");
        }
    }
}
