/**
 * The tasks inside of Spark's SQL engine: functions of rows and functions of tables, each computed by one physical
 * operator that reads a few documents ahead, as the jobs do.
 *
 * <p>The only room of this module that knows Spark's plans and expressions, which are no public API; nothing uses it, so
 * that jobs and transformations run where these classes cannot.
 */
package io.github.longwing.spark.extensions;
