/**
 * Text to token ids and offsets, and back; the only package with DJL.
 *
 * <p>May use {@code config} and {@code io}.
 */
package io.github.longwing.tokenizer;
