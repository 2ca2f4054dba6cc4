/**
 * The tasks as Spark sees them, one file each: {@code SparkTask} describes a task, the {@code ...Columns} hold its
 * description and its result columns. Public API: {@code SparkTask} and the constants {@code TASK}.
 *
 * <p>Knows the tasks of the pipeline and the types of Spark SQL; runs nothing.
 */
package io.github.longwing.spark.task;
