package io.github.longwing.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A tensor that fits on the heap. */
record SmallTensor(DataType type, Shape shape, ByteBuffer content) implements TensorData {
    @Override
    public void writeTo(Sink sink) throws IOException {
        sink.write(content.duplicate());
    }
}
