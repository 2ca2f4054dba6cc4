/**
 * Finds the files of an input and reads their records: listing and splits on the driver, one reader for each format on
 * the executors. A record that cannot be read becomes a row that says why.
 */
package io.github.longwing.spark.source;
