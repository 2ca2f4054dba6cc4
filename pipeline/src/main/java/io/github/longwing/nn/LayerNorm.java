package io.github.longwing.nn;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.checkpoint.Weights;
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

    public Value build(GraphBuilder g, Value x) {
        return x.layerNorm(
                g.parameter(weight.name(), Parameter.of(weight)),
                g.parameter(bias.name(), Parameter.of(bias)),
                EPSILON);
    }
}
