package io.github.longwing.task.answer;

/**
 * A part of the document that answers the question.
 *
 * @param score start logit plus end logit
 * @param begin in Unicode code points of the text as given
 * @param end exclusive
 */
public record Answer(String text, double score, int begin, int end) {}
