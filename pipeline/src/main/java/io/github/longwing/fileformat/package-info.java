/**
 * The interface by which readers of file formats turn the bytes of a file into text; the module {@code readers} implements it.
 *
 * <p>May use {@code error}.
 */
package io.github.longwing.fileformat;
