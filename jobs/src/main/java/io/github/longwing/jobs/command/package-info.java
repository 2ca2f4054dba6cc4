/**
 * The commands of the command line, one class each; of a task, its {@code ...Arguments}.
 */
package io.github.longwing.jobs.command;
