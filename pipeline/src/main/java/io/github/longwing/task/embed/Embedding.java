package io.github.longwing.task.embed;

/**
 * The encoder's states of a document as one vector. The array is handed out as it is, not copied.
 *
 * @param values as many as the model's d_model
 */
@SuppressWarnings("ArrayRecordComponent") // boxes for thousands of numbers would be the greater evil
public record Embedding(float[] values) {}
