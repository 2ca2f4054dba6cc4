/**
 * Input columns in, result columns out: checks on the driver, conversion of rows on the executors.
 *
 * <p>Knows Spark SQL types; runs no model.
 */
package io.github.longwing.spark.columns;
