/**
 * Layers as formulas over graph values, and the names of all graph inputs and outputs. A layer fetches its weights
 * when it is constructed, under the names of the checkpoint, and adds itself to a graph when built.
 *
 * <p>May use {@code onnx} and {@code checkpoint}.
 */
package io.github.longwing.nn;
