/** Reads HTML, XML and Markdown. */
package io.github.longwing.readers.markup;
