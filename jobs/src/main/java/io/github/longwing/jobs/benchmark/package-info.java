/**
 * Measures Longwing on this machine.
 */
package io.github.longwing.jobs.benchmark;
