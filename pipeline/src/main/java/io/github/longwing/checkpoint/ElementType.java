package io.github.longwing.checkpoint;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a checkpoint stores one element, little-endian. Every type converts to float32. */
public enum ElementType {
    FLOAT64("F64", "DoubleStorage", 8),
    FLOAT32("F32", "FloatStorage", 4),
    FLOAT16("F16", "HalfStorage", 2),
    BFLOAT16("BF16", "BFloat16Storage", 2),
    INT64("I64", "LongStorage", 8),
    INT32("I32", "IntStorage", 4),
    INT16("I16", "ShortStorage", 2),
    INT8("I8", "CharStorage", 1),
    UINT8("U8", "ByteStorage", 1),
    BOOL("BOOL", "BoolStorage", 1);

    private final String safetensorsName;
    private final String torchStorage;
    private final int bytes;

    ElementType(String safetensorsName, String torchStorage, int bytes) {
        this.safetensorsName = safetensorsName;
        this.torchStorage = torchStorage;
        this.bytes = bytes;
    }

    static Optional<ElementType> ofSafetensors(String name) {
        return Arrays.stream(values())
                .filter(t -> t.safetensorsName.equals(name))
                .findFirst();
    }

    /** The type held by a class of torch such as {@code FloatStorage}. */
    static Optional<ElementType> ofTorchStorage(String name) {
        return Arrays.stream(values()).filter(t -> t.torchStorage.equals(name)).findFirst();
    }

    static String safetensorsNames() {
        return Arrays.stream(values()).map(t -> t.safetensorsName).collect(Collectors.joining(", "));
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /**
     * Converts elements to float32.
     *
     * @param from little-endian, beginning at the first element
     * @param stride distance between two elements, in elements
     */
    void toFloats(ByteBuffer from, int stride, float[] into, int offset, int length) {
        switch (this) {
            case FLOAT32 -> {
                FloatBuffer values = from.asFloatBuffer();
                if (stride == 1) {
                    values.get(into, offset, length);
                } else {
                    for (int i = 0; i < length; i++) {
                        into[offset + i] = values.get(i * stride);
                    }
                }
            }
            case FLOAT16 -> {
                ShortBuffer values = from.asShortBuffer();
                for (int i = 0; i < length; i++) {
                    into[offset + i] = halfToFloat(values.get(i * stride));
                }
            }
            case BFLOAT16 -> {
                ShortBuffer values = from.asShortBuffer();
                for (int i = 0; i < length; i++) {
                    into[offset + i] = Float.intBitsToFloat(values.get(i * stride) << 16);
                }
            }
            case FLOAT64 -> {
                DoubleBuffer values = from.asDoubleBuffer();
                for (int i = 0; i < length; i++) {
                    into[offset + i] = (float) values.get(i * stride);
                }
            }
            case INT64 -> {
                LongBuffer values = from.asLongBuffer();
                for (int i = 0; i < length; i++) {
                    into[offset + i] = values.get(i * stride);
                }
            }
            case INT32 -> {
                IntBuffer values = from.asIntBuffer();
                for (int i = 0; i < length; i++) {
                    into[offset + i] = values.get(i * stride);
                }
            }
            case INT16 -> {
                ShortBuffer values = from.asShortBuffer();
                for (int i = 0; i < length; i++) {
                    into[offset + i] = values.get(i * stride);
                }
            }
            case INT8 -> {
                for (int i = 0; i < length; i++) {
                    into[offset + i] = from.get(i * stride);
                }
            }
            case UINT8 -> {
                for (int i = 0; i < length; i++) {
                    into[offset + i] = from.get(i * stride) & 0xff;
                }
            }
            case BOOL -> {
                for (int i = 0; i < length; i++) {
                    into[offset + i] = from.get(i * stride) == 0 ? 0 : 1;
                }
            }
        }
    }

    /**
     * The float32 of an IEEE half, exactly and without branches. The bits of the half, moved into place, read as a
     * float32 that is 2^112 too small (also when it is subnormal); infinity and NaN then still lack their exponent.
     */
    static float halfToFloat(short half) {
        int magnitude = (half & 0x7fff) << 13;
        int bits = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) * 0x1p112f);
        int exponentOfNonFinite = ((0x0f7fffff - magnitude) >> 31) & 0x7f800000;
        return Float.intBitsToFloat(bits | exponentOfNonFinite | (half & 0x8000) << 16);
    }
}
