/** Reads mail. */
package io.github.longwing.readers.mail;
