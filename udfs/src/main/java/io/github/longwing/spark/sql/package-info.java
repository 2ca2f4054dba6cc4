/**
 * One text at a time for SQL functions, the session settings that name their models, and {@code TaskRequest}: a task as
 * options by name ask for it, checked against its model on the driver.
 */
package io.github.longwing.spark.sql;
