package io.github.longwing.jobs.commit;

import java.io.Serializable;

/**
 * A Parquet file that a task has written and nobody sees yet.
 *
 * @param path where it lies
 * @param partition its directories in the output, such as {@code year=2020}; empty for none
 * @param errors rows with an error, among the rows
 */
record StagedFile(String path, String partition, long length, long rows, long errors) implements Serializable {}
