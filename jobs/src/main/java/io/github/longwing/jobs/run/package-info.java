/**
 * Runs a job from its input to its output: checks, progress, interruption, estimates.
 */
package io.github.longwing.jobs.run;
