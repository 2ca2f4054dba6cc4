/**
 * Finds the files of a model on any machine of a cluster: a path, a URI of Hadoop, a Hub id or the model in the jar.
 */
package io.github.longwing.spark.models;
