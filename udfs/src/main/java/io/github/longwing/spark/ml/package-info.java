/**
 * The tasks as Transformers of Spark ML, for pipelines. Public API.
 *
 * <p>Knows the transformations of this module and Spark ML; the only room that uses spark-mllib, and nothing else uses it.
 */
package io.github.longwing.spark.ml;
