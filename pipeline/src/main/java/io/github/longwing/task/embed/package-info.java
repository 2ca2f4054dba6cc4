/**
 * Vectors of documents.
 */
package io.github.longwing.task.embed;
