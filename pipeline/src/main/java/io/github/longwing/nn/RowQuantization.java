package io.github.longwing.nn;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Shape;
import io.github.longwing.onnx.TensorData;
import io.github.longwing.onnx.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A weight [out, in] as signed bytes [in, out] with one scale for each output. The rows of the input become bytes
 * around a zero, each by its own scale, so that a row's result does not depend on the other rows.
 *
 * <p>Processors without VNNI add the products of two neighbouring inputs in 16 bits, which must not saturate. No two
 * neighbouring weights of one sign are therefore larger together than {@value #LARGEST_PAIR}: the sums of whole numbers
 * are the same on every processor.
 */
final class RowQuantization {
    /** The bytes of an input are 0 to 254: 254 times the largest pair has 16 bits. */
    private static final int LARGEST = 254;

    private static final int LARGEST_PAIR = 129;

    /** Inputs whose weights are on the heap at a time. */
    private static final int CHUNK_INPUTS = 64;

    /** What is known of the numbers that a layer is given, and by that, which byte stands for a zero. */
    enum InputRange {
        /** Any numbers: as many bytes below zero as above it. */
        ANY(Float.NEGATIVE_INFINITY, 127),
        /** The outputs of relu. */
        RELU(0, 0),
        /** The outputs of gelu, of which a few are a little below zero. */
        GELU(-0.171f, 32),
        /** The outputs of silu, likewise. */
        SILU(-0.279f, 32);

        private final float least;
        private final int zero;

        InputRange(float least, int zero) {
            this.least = least;
            this.zero = zero;
        }

        boolean isBounded() {
            return this != ANY;
        }

        /** The byte that a zero becomes. */
        int zero() {
            return zero;
        }

        /** The scale below which the least number would have no byte. */
        float smallestScale() {
            return zero == 0 ? Float.MIN_NORMAL : -least / zero;
        }
    }

    private final Tensor weight;
    private final int out;
    private final int in;

    RowQuantization(Tensor weight) {
        this.weight = weight;
        this.out = Math.toIntExact(weight.shape()[0]);
        this.in = Math.toIntExact(weight.shape()[1]);
    }

    /** {@code x @ weight^T} for rows [rows, in]. */
    Value multiply(GraphBuilder g, Value x, InputRange range) {
        QuantizedRows rows = QuantizedRows.of(g, x, range);
        return g.matMulBytes(
                rows.values(),
                rows.scale(),
                g.parameter(weight.name() + " bytes [in, out]", values()),
                g.parameter(weight.name() + " scales", scales()),
                range.zero());
    }

    /** A value as bytes. */
    private record QuantizedRows(Value values, Value scale) {
        /** Those of rows [rows, in]; layers that read the same rows share them. */
        static QuantizedRows of(GraphBuilder g, Value x, InputRange range) {
            return g.once(QuantizedRows.class, x, () -> {
                Value scale = scale(x, range); // [rows]
                Value zeros = zeros(g, x, range); // [rows]
                return new QuantizedRows(
                        x.quantizeRows(scale, zeros), scale.reshape(x.shape().at(0), Dimension.ONE));
            });
        }

        private static Value scale(Value x, InputRange range) {
            float steps = LARGEST - range.zero();
            return range.isBounded()
                    ? x.max(1).scale(1 / steps).atLeast(range.smallestScale())
                    : x.abs().max(1).scale(1 / steps);
        }

        private static Value zeros(GraphBuilder g, Value x, InputRange range) {
            Dimension rows = x.shape().at(0);
            return g.once(Value.class, List.of(rows, range), () -> g.bytes(range.zero())
                    .expandTo(x.size(0), rows));
        }
    }

    private TensorData values() {
        return new Parameter.Streamed(DataType.INT8, Shape.of(in, out), sink -> {
            float[] scales = scaleOfEachOutput();
            for (int first = 0; first < in; first += CHUNK_INPUTS) {
                sink.write(ByteBuffer.wrap(quantize(first, Math.min(CHUNK_INPUTS, in - first), scales)));
            }
        });
    }

    /** The bytes of some inputs, [inputs, out]. */
    private byte[] quantize(int first, int inputs, float[] scales) {
        byte[] bytes = new byte[Math.multiplyExact(inputs, out)];
        float[] row = new float[inputs];
        for (int o = 0; o < out; o++) {
            weight.read((long) o * in + first, row, 0, inputs);
            for (int i = 0; i < inputs; i++) {
                bytes[i * out + o] = (byte) Quantization.quantize(row[i], scales[o]);
            }
        }
        return bytes;
    }

    private TensorData scales() {
        return new Parameter.Streamed(DataType.FLOAT, Shape.of(out), sink -> TensorData.of(scaleOfEachOutput(), out)
                .writeTo(sink));
    }

    private float[] scaleOfEachOutput() throws IOException {
        float[] scales = new float[out];
        float[] row = new float[in];
        for (int o = 0; o < out; o++) {
            weight.read((long) o * in, row, 0, in);
            scales[o] = scale(row);
        }
        return scales;
    }

    /** The scale under which the largest weight becomes at most 127, and no pair becomes larger than it may be. */
    private static float scale(float[] row) {
        float scale = Quantization.scale(row, 0, row.length);
        for (int i = 0; i + 1 < row.length; i += 2) {
            if (row[i] > 0 == row[i + 1] > 0) {
                // each of the two may be rounded up by a half
                scale = Math.max(scale, Math.abs(row[i] + row[i + 1]) / (LARGEST_PAIR - 1));
            }
        }
        return scale;
    }
}
