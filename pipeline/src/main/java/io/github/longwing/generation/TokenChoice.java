package io.github.longwing.generation;

/** How a row picks its next token. */
interface TokenChoice {

    /**
     * Picks one token.
     *
     * @param step 0 for the first new token
     * @param scores processed, one for each token; may be changed
     */
    int choose(int row, int step, float[] scores);
}
