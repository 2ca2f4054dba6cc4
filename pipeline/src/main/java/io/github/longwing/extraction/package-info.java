/**
 * Which sentences of a text may stand in a summary, and how telling each of them is by the words of the text alone.
 *
 * <p>May use {@code segmentation}.
 */
package io.github.longwing.extraction;
