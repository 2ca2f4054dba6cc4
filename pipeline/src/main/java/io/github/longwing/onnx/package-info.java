/** A builder for ONNX graphs and the writer of their files; the only place with protobuf. */
package io.github.longwing.onnx;
