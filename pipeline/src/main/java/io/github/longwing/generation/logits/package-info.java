/**
 * The logits processors of transformers and the arithmetic that they share; each sees one row of scores.
 *
 * <p>May use {@code config}; knows no search.
 */
package io.github.longwing.generation.logits;
