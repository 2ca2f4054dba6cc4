/** Reads PDF: glyphs to words, lines, columns and paragraphs. */
package io.github.longwing.readers.pdf;
