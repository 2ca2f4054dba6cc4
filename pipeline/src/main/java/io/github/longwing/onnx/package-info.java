/**
 * A builder for ONNX graphs and the writer of their files; the only package with the protobuf classes of ONNX.
 *
 * <p>Knows no model.
 */
package io.github.longwing.onnx;
