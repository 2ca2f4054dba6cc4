/** Reads PDF, HTML, DOCX and plain text through Apache Tika, in a jar of its own. */
package io.github.longwing.readers;
