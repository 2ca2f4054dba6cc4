/**
 * The sessions that run the graphs of a model, and their native memory; the only room with ONNX Runtime.
 *
 * <p>May use {@code store} and what is below it.
 */
package io.github.longwing.runtime;
