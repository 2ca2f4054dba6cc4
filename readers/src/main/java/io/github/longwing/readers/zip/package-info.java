/** Reads documents that are ZIP files: DOCX, ODT and EPUB. */
package io.github.longwing.readers.zip;
