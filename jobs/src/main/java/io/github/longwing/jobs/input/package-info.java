/**
 * Reads documents from files and tables.
 */
package io.github.longwing.jobs.input;
