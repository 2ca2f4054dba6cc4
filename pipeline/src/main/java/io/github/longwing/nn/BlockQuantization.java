package io.github.longwing.nn;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.LittleEndian;
import io.github.longwing.onnx.Shape;
import io.github.longwing.onnx.TensorData;
import io.github.longwing.onnx.Value;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A weight [out, in] as bytes [out, blocks, block size] around 128, with one scale for each block of inputs. */
final class BlockQuantization {
    /** Larger blocks are faster by a little and less exact by a half; see docs/adr. Smaller inputs get smaller blocks. */
    private static final int LARGEST_BLOCK = 32;

    private static final int SMALLEST_BLOCK = 16;
    private static final int ZERO = 128;

    private final Tensor weight;
    private final int out;
    private final int in;
    private final int blockSize;
    private final int blocks;

    BlockQuantization(Tensor weight) {
        this.weight = weight;
        this.out = Math.toIntExact(weight.shape()[0]);
        this.in = Math.toIntExact(weight.shape()[1]);
        int size = LARGEST_BLOCK;
        while (size > SMALLEST_BLOCK && size > in) {
            size /= 2;
        }
        this.blockSize = size;
        this.blocks = (in + size - 1) / size;
    }

    /** {@code x @ weight^T}. */
    Value multiply(GraphBuilder g, Value x) {
        return g.matMulEightBits(
                x,
                g.parameter(weight.name() + " blocks", values()),
                g.parameter(weight.name() + " block scales", scales()),
                in,
                out,
                blockSize);
    }

    private TensorData values() {
        return new Parameter.Streamed(DataType.UINT8, Shape.of(out, blocks, blockSize), sink -> {
            byte[] quantized = new byte[blocks * blockSize];
            eachRow((row, scales) -> {
                for (int i = 0; i < quantized.length; i++) {
                    quantized[i] = (byte) (ZERO + (i < in ? Quantization.quantize(row[i], scales[i / blockSize]) : 0));
                }
                sink.write(ByteBuffer.wrap(quantized));
            });
        });
    }

    private TensorData scales() {
        return new Parameter.Streamed(DataType.FLOAT, Shape.of((long) out * blocks), sink -> {
            ByteBuffer bytes = LittleEndian.allocate((long) blocks * Float.BYTES);
            eachRow((row, scales) -> {
                bytes.asFloatBuffer().put(scales);
                sink.write(bytes.duplicate());
            });
        });
    }

    private interface RowConsumer {
        void accept(float[] row, float[] scales) throws IOException;
    }

    private void eachRow(RowConsumer consumer) throws IOException {
        float[] row = new float[in];
        float[] scales = new float[blocks];
        for (int o = 0; o < out; o++) {
            weight.read((long) o * in, row, 0, in);
            for (int k = 0; k < blocks; k++) {
                int from = k * blockSize;
                scales[k] = Quantization.scale(row, from, Math.min(blockSize, in - from));
            }
            consumer.accept(row, scales);
        }
    }
}
