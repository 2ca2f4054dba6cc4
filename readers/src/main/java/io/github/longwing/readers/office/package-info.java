/** Reads DOC, RTF and messages of Outlook. */
package io.github.longwing.readers.office;
