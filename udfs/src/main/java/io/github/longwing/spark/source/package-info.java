/**
 * Rows of an input: one class for each format says what the records of a file are. A record that cannot be read becomes a
 * row that says why.
 */
package io.github.longwing.spark.source;
