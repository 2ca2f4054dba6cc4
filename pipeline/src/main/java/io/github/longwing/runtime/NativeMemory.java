package io.github.longwing.runtime;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Zeroed memory outside the heap that {@link #close} releases at once, without the garbage collector, and that the JVM's
 * limit for direct buffers does not count: the caches of one document may be larger than a small executor's heap. Buffers and tensors over it must not be used after it is closed. Not thread-safe.
 */
final class NativeMemory implements AutoCloseable {
    private final Memory memory;

    private NativeMemory(Memory memory) {
        this.memory = memory;
    }

    static NativeMemory ofFloats(long count) {
        Memory memory = new Memory(Math.max(1, count) * Float.BYTES);
        memory.clear();
        return new NativeMemory(memory);
    }

    /** A part of the memory, in floats. */
    FloatBuffer floats(long from, long count) {
        ByteBuffer bytes = memory.getByteBuffer(from * Float.BYTES, count * Float.BYTES);
        return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @Override
    public void close() {
        memory.close();
    }
}
