/**
 * Counters of a running job, from accumulators where there is a SparkContext, else from an observation. Public API:
 * {@code JobProgress} and {@code JobTotals}.
 */
package io.github.longwing.spark.progress;
