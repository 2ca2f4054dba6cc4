/**
 * Labels and regression values of documents.
 *
 * <p>May use {@code task}; no other task.
 */
package io.github.longwing.task.classify;
