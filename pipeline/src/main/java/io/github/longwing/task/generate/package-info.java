/**
 * Continuations of prompts.
 */
package io.github.longwing.task.generate;
