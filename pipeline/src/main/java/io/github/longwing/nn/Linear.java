package io.github.longwing.nn;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.checkpoint.Weights;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.Optional;

/** {@code x @ weight^T + bias} over the last axis; the checkpoint's weight is [out, in]. */
public final class Linear {
    private final Tensor weight;
    private final Optional<Tensor> bias;
    private final Arithmetic arithmetic;

    private Linear(Tensor weight, Optional<Tensor> bias, Arithmetic arithmetic) {
        this.weight = weight;
        this.bias = bias;
        this.arithmetic = arithmetic;
    }

    public static Linear withBias(Weights weights, int in, int out, Arithmetic arithmetic) {
        Tensor bias = weights.get("bias", out);
        return new Linear(weights.get("weight", out, in), Optional.of(bias), arithmetic);
    }

    public static Linear withoutBias(Weights weights, int in, int out, Arithmetic arithmetic) {
        return new Linear(weights.get("weight", out, in), Optional.empty(), arithmetic);
    }

    public Value build(GraphBuilder g, Value x) {
        return build(g, x, RowQuantization.InputRange.ANY);
    }

    Value build(GraphBuilder g, Value x, RowQuantization.InputRange range) {
        Value product = multiply(g, x, range);
        return bias.map(b -> product.add(g.parameter(b.name(), Parameter.of(b))))
                .orElse(product);
    }

    private Value multiply(GraphBuilder g, Value x, RowQuantization.InputRange range) {
        return switch (arithmetic) {
            case FLOAT32 -> x.matmul(g.parameter(weight.name() + " [in, out]", Parameter.transposed(weight)));
            case INT8_BLOCKS -> new BlockQuantization(weight).multiply(g, x);
            case INT8_ROWS -> new RowQuantization(weight).multiply(g, x, range);
        };
    }
}
