package io.github.longwing.nn;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.Activation;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;

/** The two-layer network of a block: fc1, activation, fc2. */
public final class FeedForward {
    private final Linear fc1;
    private final Linear fc2;
    private final Activation activation;

    public FeedForward(Weights layer, int dModel, int ffnDim, Activation activation, Arithmetic arithmetic) {
        this.fc1 = Linear.withBias(layer.scope("fc1"), dModel, ffnDim, arithmetic);
        this.fc2 = Linear.withBias(layer.scope("fc2"), ffnDim, dModel, arithmetic);
        this.activation = activation;
    }

    public Value build(GraphBuilder g, Value x) {
        return fc2.build(g.scope("fc2"), activate(fc1.build(g.scope("fc1"), x)), range());
    }

    private Value activate(Value x) {
        return switch (activation) {
            case GELU_NEW -> x.geluTanh();
            case GELU -> x.gelu();
            case RELU -> x.relu();
            case SILU -> x.multiply(x.sigmoid());
        };
    }

    private RowQuantization.InputRange range() {
        return switch (activation) {
            case GELU_NEW, GELU -> RowQuantization.InputRange.GELU;
            case RELU -> RowQuantization.InputRange.RELU;
            case SILU -> RowQuantization.InputRange.SILU;
        };
    }
}
