package io.github.longwing.generation;

/** The kind of scores that a search reads. */
public enum ScoreKind {
    /** The outputs of the language model head. */
    LOGITS,
    /** The log-softmax of the logits, row by row. */
    LOG_PROBABILITIES
}
