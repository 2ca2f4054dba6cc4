package io.github.longwing.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Buffers in the byte order of ONNX files. */
public final class LittleEndian {
    private LittleEndian() {}

    public static ByteBuffer allocate(long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
