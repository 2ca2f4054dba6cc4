package io.github.longwing.task;

/**
 * A sentence of the document that an output attended to.
 *
 * @param begin in Unicode code points of the text as given
 * @param end exclusive
 * @param weight its share of the attention of the output to the document, 0 to 1
 */
public record Passage(String text, int begin, int end, double weight) {}
