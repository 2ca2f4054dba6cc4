package io.github.longwing.generation;

import io.github.longwing.generation.logits.Ranking;

/** Which sequences, one token longer, beam search looks at: the best, or drawn ones. */
interface ContinuationRule {

    /**
     * Offers every token after one beam; the entry of a token is {@code beam * scores.length + token}, its score the sum
     * of the log-probabilities with the token.
     *
     * @param scores processed log-probabilities, one for each token
     * @param beamScore the sum of the beam's log-probabilities so far
     */
    void rank(int beam, int step, float[] scores, float beamScore, Ranking ranking);
}
