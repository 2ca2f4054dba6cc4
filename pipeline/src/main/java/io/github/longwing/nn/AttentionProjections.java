package io.github.longwing.nn;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;

/** The four linear layers around an attention of the decoder, {@code q_proj} to {@code out_proj}. */
final class AttentionProjections {
    private final Linear qProj;
    private final Linear kProj;
    private final Linear vProj;
    private final Linear outProj;
    private final int heads;
    private final int dModel;

    AttentionProjections(Weights attention, LinearPolicy projections, int dModel, int heads) {
        this.qProj = projections.ofScores(attention.scope("q_proj"), dModel, dModel);
        this.kProj = projections.ofScores(attention.scope("k_proj"), dModel, dModel);
        this.vProj = projections.ofValues(attention.scope("v_proj"), dModel, dModel);
        this.outProj = projections.ofValues(attention.scope("out_proj"), dModel, dModel);
        this.heads = heads;
        this.dModel = dModel;
    }

    int heads() {
        return heads;
    }

    int headSize() {
        return dModel / heads;
    }

    int dModel() {
        return dModel;
    }

    /** What the scores are multiplied by. */
    float scale() {
        return (float) (1 / Math.sqrt(headSize()));
    }

    Value query(GraphBuilder g, Value x) {
        return qProj.build(g.scope("q_proj"), x);
    }

    Value key(GraphBuilder g, Value x) {
        return kProj.build(g.scope("k_proj"), x);
    }

    Value value(GraphBuilder g, Value x) {
        return vProj.build(g.scope("v_proj"), x);
    }

    Value output(GraphBuilder g, Value context) {
        return outProj.build(g.scope("out_proj"), context);
    }

    /** [rows, H, D] for [rows, d]. */
    Value heads(Value x) {
        return x.reshape(x.shape().at(0), Dimension.of(heads), Dimension.of(headSize()));
    }

    /** [rows, d] for contexts [H, rows, D]. */
    Value merge(Value contexts) {
        return contexts.transpose(1, 0, 2).reshape(contexts.shape().at(1), Dimension.of(dModel));
    }

    /** Attention of all queries [T, d] over all keys and values [S, d] in one fused operation: [T, d]. */
    Value attendToAll(GraphBuilder g, Value query, Value key, Value value) {
        return g.multiHeadAttention(batch(query), batch(key), batch(value), heads, scale())
                .reshape(query.shape().at(0), Dimension.of(dModel));
    }

    /** [1, rows, d] for [rows, d]: the operator wants a batch. */
    private Value batch(Value x) {
        return x.reshape(Dimension.ONE, x.shape().at(0), Dimension.of(dModel));
    }
}
