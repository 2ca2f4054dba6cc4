/**
 * The commands of the command line, one class each.
 */
package io.github.longwing.jobs.command;
