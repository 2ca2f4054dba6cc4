package io.github.longwing.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes pickles by hand, instruction by instruction. */
final class PickleFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** One of protocol 2 that starts with an empty dict on the stack. */
    static PickleFile ofDict() {
        return new PickleFile().op(0x80).op(2).op('}');
    }

    PickleFile op(int opcode) {
        bytes.write(opcode);
        return this;
    }

    PickleFile raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    PickleFile text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        op('X').raw(encoded.length & 255, encoded.length >> 8, 0, 0);
        bytes.writeBytes(encoded);
        return this;
    }

    PickleFile integer(int value) {
        return op('J').raw(value & 255, value >> 8 & 255, value >> 16 & 255, value >>> 24);
    }

    PickleFile global(String module, String name) {
        bytes.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Puts a storage of float32 on the stack. */
    PickleFile storage(String key, int elements) {
        return op('(').text("storage")
                .global("torch", "FloatStorage")
                .text(key)
                .text("cpu")
                .integer(elements)
                .op('t')
                .op('Q');
    }

    PickleFile tuple(int... items) {
        op('(');
        for (int item : items) {
            integer(item);
        }
        return op('t');
    }

    /** Sets item {@code name} of the dict on the stack to a tensor of the float32 storage "0". */
    PickleFile tensor(String name, int storageElements, int offset, int[] shape, int[] strides) {
        return text(name)
                .global("torch._utils", "_rebuild_tensor_v2")
                .op('(')
                .storage("0", storageElements)
                .integer(offset)
                .tuple(shape)
                .tuple(strides)
                .op(0x89)
                .op('}')
                .op('t')
                .op('R')
                .op('s');
    }

    byte[] stop() {
        return op('.').bytes.toByteArray();
    }
}
