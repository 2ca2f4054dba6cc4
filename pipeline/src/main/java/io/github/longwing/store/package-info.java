/**
 * Model directories on disk: manifest, import of a checkpoint, the cache of imported models.
 *
 * <p>May use {@code model} to write graphs; opens no session.
 */
package io.github.longwing.store;
