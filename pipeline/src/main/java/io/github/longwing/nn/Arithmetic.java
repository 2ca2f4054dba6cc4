package io.github.longwing.nn;

/** How a {@link Linear} multiplies. */
public enum Arithmetic {
    FLOAT32,
    /** Weights in int8 by output channel, inputs in uint8 with one scale for the whole input: for one document a run. */
    INT8_BY_INPUT,
    /**
     * Weights in int8 by block, inputs quantised row by row: a row's result does not depend on the other rows, as
     * batched decoding needs.
     */
    INT8_BY_ROW
}
