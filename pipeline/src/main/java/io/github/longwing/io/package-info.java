/**
 * Files, locks, hashes, JSON files and the cache directory: small tools of the file system that several rooms share.
 *
 * <p>May use {@code error} only.
 */
package io.github.longwing.io;
