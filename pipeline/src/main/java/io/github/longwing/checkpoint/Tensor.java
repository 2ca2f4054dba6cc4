package io.github.longwing.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * One tensor of a checkpoint. Its values stay in the mapped file and become float32 while they are read. Readable until
 * its {@link Checkpoint} is closed, by several threads at once.
 */
public final class Tensor {
    private static final int CHUNK = 1 << 14;
    private static final MappedRegion NO_VALUES = new MappedRegion(null, 0, 0, MappedRegion.PIECE_BYTES);

    private final String name;
    private final ElementType type;
    private final StridedLayout layout;
    private final MappedRegion region;

    /** What each column of the last axis is multiplied by; null for nothing. */
    private final float[] factors;

    Tensor(String name, ElementType type, StridedLayout layout, MappedRegion region) {
        this(name, type, layout, region, null);
    }

    private Tensor(String name, ElementType type, StridedLayout layout, MappedRegion region, float[] factors) {
        this.name = name;
        this.type = type;
        this.layout = layout;
        this.region = region;
        this.factors = factors;
    }

    /** A tensor of which nothing but name and shape is known; reading from it fails. */
    static Tensor withoutValues(String name, long... shape) {
        return new Tensor(name, ElementType.FLOAT32, StridedLayout.rowMajor(shape), NO_VALUES);
    }

    /** The same with the columns of the last axis multiplied as they are read; as many factors as columns, which do not change. */
    Tensor withColumnsTimes(float[] columnFactors) {
        return new Tensor(name, type, layout, region, columnFactors);
    }

    /** The full name in the checkpoint, such as {@code model.encoder.layers.0.fc1.weight}. */
    public String name() {
        return name;
    }

    /** How the checkpoint stores it. */
    public ElementType elementType() {
        return type;
    }

    public long[] shape() {
        return layout.shape();
    }

    /** Number of elements. */
    public long size() {
        return layout.size();
    }

    /**
     * Reads values in row-major order.
     *
     * @param firstElement row-major index of the first value
     */
    public void read(long firstElement, float[] into, int intoOffset, int length) {
        Objects.checkFromIndexSize(firstElement, length, size());
        Objects.checkFromIndexSize(intoOffset, length, into.length);
        readStored(firstElement, into, intoOffset, length);
        if (factors != null) {
            for (int i = 0; i < length; i++) {
                into[intoOffset + i] *= factors[(int) ((firstElement + i) % factors.length)];
            }
        }
    }

    private void readStored(long firstElement, float[] into, int intoOffset, int length) {
        if (layout.isContiguous()) {
            readRun(layout.offset() + firstElement, 1, into, intoOffset, length);
            return;
        }
        long rowLength = layout.rowLength();
        int done = 0;
        while (done < length) {
            long element = firstElement + done;
            int run = (int) Math.min(length - done, rowLength - element % rowLength);
            readRun(layout.position(element), layout.rowStride(), into, intoOffset + done, run);
            done += run;
        }
    }

    /** Whether both have the same shape and values; NaN equals NaN, 0.0 does not equal -0.0. */
    public boolean hasValuesOf(Tensor other) {
        return Arrays.equals(shape(), other.shape()) && firstDifference(other) < 0;
    }

    @Override
    public String toString() {
        return name + " " + Arrays.toString(shape());
    }

    /** Row-major index of the first value that differs from that of a tensor of the same size, or -1. */
    long firstDifference(Tensor other) {
        boolean sameFactors = Arrays.equals(factors, other.factors);
        if (region == other.region && type == other.type && layout.equals(other.layout) && sameFactors) {
            return -1;
        }
        float[] mine = new float[CHUNK];
        float[] theirs = new float[CHUNK];
        for (long done = 0; done < size(); done += CHUNK) {
            int length = (int) Math.min(CHUNK, size() - done);
            read(done, mine, 0, length);
            other.read(done, theirs, 0, length);
            int mismatch = Arrays.mismatch(mine, 0, length, theirs, 0, length);
            if (mismatch >= 0) {
                return done + mismatch;
            }
        }
        return -1;
    }

    /** Reads elements that lie evenly spaced, from as many mapped pieces as hold them. */
    private void readRun(long first, long stride, float[] into, int intoOffset, int length) {
        long position = first;
        int done = 0;
        while (done < length) {
            ByteBuffer bytes = region.from(position * type.bytes());
            int inPiece = bytes.remaining() / type.bytes();
            int run = stride == 0 ? length : (int) Math.min(length - done, (inPiece - 1) / stride + 1);
            // a stride beyond the piece leaves a run of one, for which it does not matter
            type.toFloats(bytes, (int) Math.min(stride, inPiece), into, intoOffset + done, run);
            position += run * stride;
            done += run;
        }
    }
}
