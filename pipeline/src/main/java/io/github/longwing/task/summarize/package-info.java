/**
 * Summaries of documents of any length, level by level.
 */
package io.github.longwing.task.summarize;
