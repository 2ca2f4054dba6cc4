/**
 * The Spark session of a job.
 */
package io.github.longwing.jobs.session;
