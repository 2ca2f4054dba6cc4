/**
 * Summaries of documents of any length, level by level.
 *
 * <p>May use {@code task}; no other task.
 */
package io.github.longwing.task.summarize;
