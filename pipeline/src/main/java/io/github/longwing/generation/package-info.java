/**
 * Search strategies that generate token for token what transformers generates: state machines without native memory.
 *
 * <p>May use {@code generation.logits} and {@code config}; knows no session.
 */
package io.github.longwing.generation;
