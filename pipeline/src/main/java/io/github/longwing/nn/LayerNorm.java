package io.github.longwing.nn;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.checkpoint.Weights;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;

/** Layer normalisation over the last axis. */
public final class LayerNorm {
    /** PyTorch's default, which BigBirdPegasus never changes. */
    private static final float EPSILON = 1e-5f;

    private final Tensor weight;
    private final Tensor bias;

    public LayerNorm(Weights weights, int size) {
        this.weight = weights.get("weight", size);
        this.bias = weights.get("bias", size);
    }

    /**
     * Of rows [rows, size]. The runtime's own operator adds up one element after the other, which takes several times as
     * long as these operations on vectors, and finds the variance as a difference of squares, which is less exact.
     */
    public Value build(GraphBuilder g, Value x) {
        Value centred = x.subtract(column(x.mean(1)));
        Value variance = column(centred.multiply(centred).mean(1)); // [rows, 1]
        Value inverse = variance.add(g.number(EPSILON)).sqrt().reciprocal();
        return centred.multiply(inverse).multiply(gain(g)).add(shift(g));
    }

    private static Value column(Value vector) {
        return vector.reshape(vector.shape().at(0), Dimension.ONE);
    }

    private Value gain(GraphBuilder g) {
        return g.parameter(weight.name(), Parameter.of(weight));
    }

    private Value shift(GraphBuilder g) {
        return g.parameter(bias.name(), Parameter.of(bias));
    }
}
