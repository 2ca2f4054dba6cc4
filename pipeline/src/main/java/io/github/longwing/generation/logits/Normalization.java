package io.github.longwing.generation.logits;

/** Turns the scores into log-probabilities again after all that was done to them. */
record Normalization() implements LogitsProcessor {

    @Override
    public void process(int[] ids, int length, float[] scores) {
        Softmax.toLogProbabilities(scores);
    }
}
