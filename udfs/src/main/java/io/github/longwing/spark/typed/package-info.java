/**
 * Files whose columns have types, such as Parquet: looked at for damage and for columns that do not fit together, then read
 * by Spark's own readers.
 */
package io.github.longwing.spark.typed;
