/**
 * How good outputs are beside references: ROUGE, labels, answers, bootstrap intervals, and simple methods to compare
 * with. Pure functions of texts and numbers.
 *
 * <p>May use {@code segmentation} and {@code extraction} for sentences.
 */
package io.github.longwing.evaluation;
