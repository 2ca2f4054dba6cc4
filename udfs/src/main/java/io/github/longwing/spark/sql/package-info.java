/**
 * One text at a time for SQL functions, and the session settings that name their models.
 */
package io.github.longwing.spark.sql;
