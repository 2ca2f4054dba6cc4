/** What the readers share: the text they build, charsets, titles, reasons and what is left out. */
package io.github.longwing.readers.text;
