/**
 * Checks the output before the work and writes it after.
 */
package io.github.longwing.jobs.output;
