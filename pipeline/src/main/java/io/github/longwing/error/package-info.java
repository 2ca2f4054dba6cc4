/**
 * The errors that are part of the interface: those that the user can solve, and those of one document.
 *
 * <p>Uses no other package.
 */
package io.github.longwing.error;
