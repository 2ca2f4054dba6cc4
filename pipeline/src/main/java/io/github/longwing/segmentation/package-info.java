/**
 * Where a text may be split: paragraphs, sentences, and windows that a model can read.
 *
 * <p>May use {@code tokenizer} for offsets.
 */
package io.github.longwing.segmentation;
