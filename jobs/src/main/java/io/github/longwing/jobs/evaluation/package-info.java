/**
 * Outputs of jobs beside references: rows are paired and scored on the executors, the driver holds sums.
 */
package io.github.longwing.jobs.evaluation;
