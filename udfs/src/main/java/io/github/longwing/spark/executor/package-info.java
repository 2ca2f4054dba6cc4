/**
 * What runs on an executor: one model for each JVM, the partition function, cancellation of killed tasks.
 */
package io.github.longwing.spark.executor;
