package io.github.longwing.nn;

/** How a {@link Linear} multiplies. */
public enum Arithmetic {
    FLOAT32,
    /**
     * Weights in eight bits by block of inputs, inputs quantised row by row: a row's result does not depend on the other
     * rows, as batches need, and an outlier spoils no more than its own block.
     */
    INT8
}
