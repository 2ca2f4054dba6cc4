package io.github.longwing.nn;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;

/**
 * Self-attention of every token to every token, for models trained with {@code original_full}: one fused operator,
 * whose memory grows with the length and not with its square. It takes documents without padding.
 */
public final class FullAttention {
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final int heads;
    private final int dModel;

    /** Fetches {@code self.query}, {@code self.key}, {@code self.value} and {@code output}. */
    public FullAttention(Weights selfAttn, LinearPolicy projections, int dModel, int heads) {
        Weights self = selfAttn.scope("self");
        this.query = projections.ofScores(self.scope("query"), dModel, dModel);
        this.key = projections.ofScores(self.scope("key"), dModel, dModel);
        this.value = projections.ofValues(self.scope("value"), dModel, dModel);
        this.output = projections.ofValues(selfAttn.scope("output"), dModel, dModel);
        this.heads = heads;
        this.dModel = dModel;
    }

    /** [S, d] for hidden states [S, d]. */
    public Value build(GraphBuilder g, Value hidden) {
        Dimension tokens = hidden.shape().at(0);
        Value context = g.multiHeadAttention(
                batch(query.build(g.scope("query"), hidden)),
                batch(key.build(g.scope("key"), hidden)),
                batch(value.build(g.scope("value"), hidden)),
                heads,
                (float) (1 / Math.sqrt((double) dModel / heads)));
        return output.build(g.scope("output"), context.reshape(tokens, Dimension.of(dModel)));
    }

    /** [1, S, d] for [S, d]: the operator wants a batch. */
    private Value batch(Value x) {
        return x.reshape(Dimension.ONE, x.shape().at(0), Dimension.of(dModel));
    }
}
