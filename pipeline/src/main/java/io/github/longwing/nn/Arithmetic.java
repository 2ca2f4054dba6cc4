package io.github.longwing.nn;

/** How a {@link Linear} multiplies. A row's result never depends on the other rows, as batches need. */
public enum Arithmetic {
    FLOAT32,
    /**
     * Weights in eight bits by block of inputs, inputs quantised row by row: an outlier spoils no more than its own block,
     * but on processors without VNNI it is slower than float32. No layer takes it; benchmarks compare it on other processors.
     */
    INT8_BLOCKS,
    /** Weights in eight bits by output, inputs quantised row by row: the fastest, and the least exact. */
    INT8_ROWS
}
