/**
 * Files of an input: found and counted on the driver, opened, decompressed and decoded on the executors.
 */
package io.github.longwing.spark.files;
