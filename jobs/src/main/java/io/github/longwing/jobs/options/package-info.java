/**
 * Command line options that several commands share; the only room besides {@code command} and {@code conf} that knows
 * picocli.
 */
package io.github.longwing.jobs.options;
