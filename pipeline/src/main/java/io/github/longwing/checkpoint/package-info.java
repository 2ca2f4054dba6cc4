/**
 * Weights of a transformers checkpoint: scoped by name, checked by shape, mapped from disk and streamed.
 *
 * <p>May use {@code config} and {@code io}.
 */
package io.github.longwing.checkpoint;
