/** Weights of a transformers checkpoint: scoped by name, checked by shape, mapped from disk and streamed. */
package io.github.longwing.checkpoint;
