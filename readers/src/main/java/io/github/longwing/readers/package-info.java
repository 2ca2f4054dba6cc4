/** Tells what a file is and gives it to the reader of its kind; a jar of its own. */
package io.github.longwing.readers;
