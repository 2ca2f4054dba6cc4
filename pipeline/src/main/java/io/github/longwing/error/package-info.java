/** Errors that are part of the interface: what the user can mend, and what one document can suffer. */
package io.github.longwing.error;
