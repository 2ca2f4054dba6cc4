/** How the bytes of a file become a text: the interface that readers of documents implement outside of the core. */
package io.github.longwing.fileformat;
