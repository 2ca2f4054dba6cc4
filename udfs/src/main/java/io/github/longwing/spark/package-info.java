/** Longwing on Spark: a streaming partition function over one model per executor. */
package io.github.longwing.spark;
