/**
 * The output of a run in slices: rows are staged by tasks, committed by the driver, and found again by the next run.
 *
 * <p>Knows directories of Parquet files and tables of catalogs; what a job computes it does not know. May use
 * {@code console}, {@code conf}, {@code session} and {@code input}.
 */
package io.github.longwing.jobs.commit;
