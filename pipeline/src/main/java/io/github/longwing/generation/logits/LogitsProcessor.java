package io.github.longwing.generation.logits;

/** Changes the scores of one row before its next token is chosen. Stateless. */
public interface LogitsProcessor {

    /** The score of a token that must not be chosen. */
    float BANNED = Float.NEGATIVE_INFINITY;

    /**
     * Changes the scores in place.
     *
     * @param ids the row's sequence with its prompt, of which {@code length} tokens are set
     * @param scores one for each token
     */
    void process(int[] ids, int length, float[] scores);
}
