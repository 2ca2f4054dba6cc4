package io.github.longwing.nn;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.LittleEndian;
import io.github.longwing.onnx.Shape;
import io.github.longwing.onnx.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Tensors of a checkpoint in the layouts that graphs want, streamed so that no whole weight need be on the heap. */
final class Parameter {
    /** Elements that pass through the heap at a time. */
    private static final int CHUNK = 1 << 20;

    private Parameter() {}

    /** A tensor as it is. */
    static TensorData of(Tensor tensor) {
        return new Streamed(DataType.FLOAT, Shape.of(tensor.shape()), sink -> copy(tensor, sink));
    }

    /** A vector as one row, [1, size]. */
    static TensorData row(Tensor tensor) {
        return new Streamed(DataType.FLOAT, Shape.of(1, tensor.size()), sink -> copy(tensor, sink));
    }

    /** A matrix [rows, columns] followed by one row of zeros. */
    static TensorData withZeroRow(Tensor tensor) {
        long columns = tensor.shape()[1];
        return new Streamed(DataType.FLOAT, Shape.of(tensor.shape()[0] + 1, columns), sink -> {
            copy(tensor, sink);
            sink.write(LittleEndian.allocate(columns * Float.BYTES));
        });
    }

    /** A matrix [out, in] as [in, out]. */
    static TensorData transposed(Tensor tensor) {
        int out = Math.toIntExact(tensor.shape()[0]);
        int in = Math.toIntExact(tensor.shape()[1]);
        return new Streamed(DataType.FLOAT, Shape.of(in, out), sink -> {
            float[] values = matrix(tensor);
            float[] column = new float[out];
            ByteBuffer bytes = LittleEndian.allocate((long) out * Float.BYTES);
            for (int i = 0; i < in; i++) {
                for (int o = 0; o < out; o++) {
                    column[o] = values[o * in + i];
                }
                bytes.asFloatBuffer().put(column);
                sink.write(bytes.duplicate());
            }
        });
    }

    /** All elements of a matrix; for weights of layers, which are small, not for embeddings. */
    static float[] matrix(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        tensor.read(0, values, 0, values.length);
        return values;
    }

    private static void copy(Tensor tensor, TensorData.Sink sink) throws IOException {
        float[] values = new float[(int) Math.min(CHUNK, tensor.size())];
        ByteBuffer bytes = LittleEndian.allocate((long) values.length * Float.BYTES);
        for (long done = 0; done < tensor.size(); done += values.length) {
            int count = (int) Math.min(values.length, tensor.size() - done);
            tensor.read(done, values, 0, count);
            bytes.asFloatBuffer().put(values, 0, count);
            sink.write(bytes.duplicate().limit(count * Float.BYTES));
        }
    }

    /** What produces the bytes of a tensor. */
    interface Writer {
        void writeTo(TensorData.Sink sink) throws IOException;
    }

    /** A tensor whose bytes are produced when they are written. */
    record Streamed(DataType type, Shape shape, Writer writer) implements TensorData {
        @Override
        public void writeTo(Sink sink) throws IOException {
            writer.writeTo(sink);
        }
    }
}
