/**
 * Answers to questions about a document, with their places in the text.
 */
package io.github.longwing.task.answer;
