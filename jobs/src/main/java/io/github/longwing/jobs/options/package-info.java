/**
 * Command line options that several commands share; besides {@code command} and {@code conf} the only room that uses
 * picocli.
 */
package io.github.longwing.jobs.options;
