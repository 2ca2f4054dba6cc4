package io.github.longwing.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The contents of an initializer, produced only when they are written, so that a model of any size passes through a
 * small heap.
 */
public interface TensorData {
    DataType type();

    Shape shape();

    /** Hands over all elements in row-major order, little-endian, in pieces of any size. */
    void writeTo(Sink sink) throws IOException;

    /** Takes the next bytes of a tensor. */
    interface Sink {
        void write(ByteBuffer bytes) throws IOException;
    }

    /** Bytes of all elements. */
    default long bytes() {
        return shape().dimensions().stream()
                .mapToLong(d -> ((Dimension.Fixed) d).size())
                .reduce(type().bytes(), Math::multiplyExact);
    }

    /** A small tensor of float32 held on the heap. */
    static TensorData of(float[] values, long... sizes) {
        ByteBuffer bytes = LittleEndian.allocate((long) values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return new SmallTensor(DataType.FLOAT, Shape.of(sizes), bytes);
    }

    /** A small tensor of int64 held on the heap. */
    static TensorData of(long[] values, long... sizes) {
        ByteBuffer bytes = LittleEndian.allocate((long) values.length * Long.BYTES);
        Arrays.stream(values).forEach(bytes::putLong);
        return new SmallTensor(DataType.INT64, Shape.of(sizes), bytes.rewind());
    }

    /** A small tensor of unsigned bytes held on the heap. */
    static TensorData of(byte[] values, long... sizes) {
        return new SmallTensor(DataType.UINT8, Shape.of(sizes), ByteBuffer.wrap(values));
    }
}
