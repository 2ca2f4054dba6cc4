package io.github.longwing.generation;

/** Which scores of the next token a search reads. */
public enum ScoreKind {
    /** As they leave the output projection with its bias. */
    LOGITS,
    /** Their log-softmax, row by row. */
    LOG_PROBABILITIES
}
