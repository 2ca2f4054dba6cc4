package io.github.longwing.task.summarize;

/**
 * A sentence of a document that stands in its summary.
 *
 * @param text as in the document, with its line breaks
 * @param begin in Unicode code points of the text as given
 * @param end exclusive
 * @param window that it was read in, from 0
 */
public record ExtractedSentence(String text, int begin, int end, int window) {}
