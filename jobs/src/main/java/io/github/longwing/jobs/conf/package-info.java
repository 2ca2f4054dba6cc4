/**
 * Options from files and the command line in their order of precedence, and which of them are secrets.
 */
package io.github.longwing.jobs.conf;
