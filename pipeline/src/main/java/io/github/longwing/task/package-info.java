/**
 * What all tasks share: documents, windows, results, and one way to open, submit and close.
 *
 * <p>May use {@code batching} and what is below it; a task has a package of its own below this one.
 */
package io.github.longwing.task;
