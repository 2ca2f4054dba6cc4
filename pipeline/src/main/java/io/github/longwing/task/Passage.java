package io.github.longwing.task;

/**
 * A sentence of the document that carried an output.
 *
 * @param begin in Unicode code points of the text as given
 * @param end exclusive
 * @param weight its part of all the attention that the output paid to the document, 0 to 1
 */
public record Passage(String text, int begin, int end, double weight) {}
