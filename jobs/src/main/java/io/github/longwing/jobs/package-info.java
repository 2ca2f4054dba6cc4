/** The command line: one class for each command, the options that jobs share, and what they print. */
package io.github.longwing.jobs;
