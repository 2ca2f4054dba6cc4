package io.github.longwing.task.embed;

/**
 * A document as one vector, from the encoder's hidden states. The array is not copied.
 *
 * @param values [d_model]
 */
@SuppressWarnings("ArrayRecordComponent") // a list would box thousands of numbers
public record Embedding(float[] values) {}
