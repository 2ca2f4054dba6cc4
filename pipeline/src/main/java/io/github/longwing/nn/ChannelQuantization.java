package io.github.longwing.nn;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.LittleEndian;
import io.github.longwing.onnx.Shape;
import io.github.longwing.onnx.TensorData;
import java.nio.ByteBuffer;

/** A weight [out, in] as signed bytes [in, out] with one scale for each output channel. */
final class ChannelQuantization {
    private final Tensor weight;
    private final int out;
    private final int in;

    ChannelQuantization(Tensor weight) {
        this.weight = weight;
        this.out = Math.toIntExact(weight.shape()[0]);
        this.in = Math.toIntExact(weight.shape()[1]);
    }

    TensorData values() {
        return new Parameter.Streamed(DataType.INT8, Shape.of(in, out), sink -> {
            float[] values = Parameter.matrix(weight);
            float[] scales = scales(values);
            ByteBuffer row = LittleEndian.allocate(out);
            for (int i = 0; i < in; i++) {
                row.clear();
                for (int o = 0; o < out; o++) {
                    row.put((byte) Quantization.quantize(values[o * in + i], scales[o]));
                }
                sink.write(row.flip());
            }
        });
    }

    TensorData scales() {
        return new Parameter.Streamed(
                DataType.FLOAT,
                Shape.of(out),
                sink -> TensorData.of(scales(Parameter.matrix(weight)), out).writeTo(sink));
    }

    private float[] scales(float[] values) {
        float[] scales = new float[out];
        for (int o = 0; o < out; o++) {
            scales[o] = Quantization.scale(values, o * in, in);
        }
        return scales;
    }
}
