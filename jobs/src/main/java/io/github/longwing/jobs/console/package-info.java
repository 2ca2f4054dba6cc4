/**
 * What a person sees: output, error sentences, progress and exit statuses.
 *
 * <p>The lowest room of the jobs.
 */
package io.github.longwing.jobs.console;
