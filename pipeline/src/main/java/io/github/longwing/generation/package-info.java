/** Exact generation: search strategies, logits processors and their options. */
package io.github.longwing.generation;
