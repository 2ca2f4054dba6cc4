package io.github.longwing.checkpoint;

import java.util.Arrays;

/**
 * Where the elements of a tensor lie in their storage: element {@code i} is at {@code offset + sum(i[k] * strides[k])}.
 * All figures count elements.
 */
final class StridedLayout {
    private final long offset;
    private final long[] shape;
    private final long[] strides;
    private final long size;
    private final boolean contiguous;

    private StridedLayout(long offset, long[] shape, long[] strides) {
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
        this.size = product(shape);
        this.contiguous = isRowMajor(shape, strides);
    }

    /** @throws ArithmeticException if the size does not fit a long */
    static StridedLayout rowMajor(long... shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride = Math.multiplyExact(stride, Math.max(shape[i], 1));
        }
        return new StridedLayout(0, shape.clone(), strides);
    }

    /**
     * @param shape not negative
     * @param strides not negative, as many as {@code shape}
     * @throws ArithmeticException if the size does not fit a long
     */
    static StridedLayout strided(long offset, long[] shape, long[] strides) {
        return new StridedLayout(offset, shape.clone(), strides.clone());
    }

    long offset() {
        return offset;
    }

    long[] shape() {
        return shape.clone();
    }

    long size() {
        return size;
    }

    boolean isContiguous() {
        return contiguous;
    }

    /** Elements that the storage must have. */
    long extent() {
        if (size == 0) {
            return 0;
        }
        long last = offset;
        for (int i = 0; i < shape.length; i++) {
            last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
        }
        return Math.addExact(last, 1);
    }

    /** Length of the last dimension; a scalar is contiguous and never asked. */
    long rowLength() {
        return shape[shape.length - 1];
    }

    long rowStride() {
        return strides[strides.length - 1];
    }

    /** Where the element with this row-major index lies. */
    long position(long element) {
        long position = offset;
        long rest = element;
        for (int i = shape.length - 1; i >= 0; i--) {
            position += rest % shape[i] * strides[i];
            rest /= shape[i];
        }
        return position;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StridedLayout that
                && offset == that.offset
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(strides, that.strides);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(offset) + Arrays.hashCode(shape)) + Arrays.hashCode(strides);
    }

    private static long product(long[] shape) {
        if (Arrays.stream(shape).anyMatch(n -> n == 0)) {
            return 0;
        }
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    private static boolean isRowMajor(long[] shape, long[] strides) {
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && strides[i] != expected) { // the stride of a dimension of one is never used
                return false;
            }
            expected *= shape[i];
        }
        return true;
    }
}
