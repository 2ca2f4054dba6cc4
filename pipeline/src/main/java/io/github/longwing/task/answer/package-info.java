/**
 * Answers to questions about a document, with their positions in the text.
 *
 * <p>May use {@code task}; no other task.
 */
package io.github.longwing.task.answer;
