/**
 * Continuations of prompts.
 *
 * <p>May use {@code task}; no other task.
 */
package io.github.longwing.task.generate;
