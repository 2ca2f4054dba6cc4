/** Where a text may be cut: paragraphs, sentences, and windows that a model can read. */
package io.github.longwing.segmentation;
