/**
 * Comparison of a model with recorded results of the reference implementation.
 *
 * <p>May use {@code batching}, {@code generation} and {@code runtime}, as the tasks do.
 */
package io.github.longwing.verification;
