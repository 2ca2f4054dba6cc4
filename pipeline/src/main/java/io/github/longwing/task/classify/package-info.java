/**
 * Labels and regressions of documents.
 */
package io.github.longwing.task.classify;
