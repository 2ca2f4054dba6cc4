package io.github.longwing.nn;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention of decoder rows over a document. Keys and values depend on the document alone: one graph computes them once
 * and every step of the decoder takes them as inputs, shared by all beams.
 *
 * <p>Letters as in {@link DecoderSlots}; H heads, D head size.
 */
public final class CrossAttention {
    private final Linear qProj;
    private final Linear kProj;
    private final Linear vProj;
    private final Linear outProj;
    private final int heads;
    private final int headSize;

    /** Fetches {@code q_proj}, {@code k_proj}, {@code v_proj} and {@code out_proj}. */
    public CrossAttention(Weights encoderAttn, Projections projections, int dModel, int heads) {
        this.qProj = projections.linear(encoderAttn.scope("q_proj"), dModel, dModel);
        this.kProj = projections.linear(encoderAttn.scope("k_proj"), dModel, dModel);
        this.vProj = projections.linear(encoderAttn.scope("v_proj"), dModel, dModel);
        this.outProj = projections.linear(encoderAttn.scope("out_proj"), dModel, dModel);
        this.heads = heads;
        this.headSize = dModel / heads;
    }

    /** The keys of a document, [H, S, D], for its encoder states [S, d]. */
    public Value key(GraphBuilder g, Value encoderStates) {
        return heads(kProj.build(g.scope("k_proj"), encoderStates)).transpose(1, 0, 2);
    }

    /** The values of a document, [H, D, S], for its encoder states [S, d]. */
    public Value value(GraphBuilder g, Value encoderStates) {
        return heads(vProj.build(g.scope("v_proj"), encoderStates)).transpose(1, 2, 0);
    }

    /** [R, d] for hidden states [R, d]. */
    public Value build(GraphBuilder g, Value hidden, DecoderSlots slots, int layer) {
        List<Value> queries = slots.heads(qProj.build(g.scope("q_proj"), hidden), heads, headSize);
        List<Value> contexts = new ArrayList<>();
        for (int slot = 0; slot < slots.count(); slot++) {
            contexts.add(attend(g, queries.get(slot), layer, slot));
        }
        Value merged = DecoderSlots.merge(contexts, hidden.shape().at(0), heads * headSize);
        return outProj.build(g.scope("out_proj"), merged);
    }

    private Value attend(GraphBuilder g, Value query, int layer, int slot) {
        Dimension h = Dimension.of(heads);
        Dimension d = Dimension.of(headSize);
        Dimension source = Dimension.of("S" + slot);
        Value key = g.input(DecoderSlots.crossKeyName(layer, slot), DataType.FLOAT, h, source, d);
        Value value = g.input(DecoderSlots.crossValueName(layer, slot), DataType.FLOAT, h, d, source);
        Value weights = key.matmulTransposed(query, (float) (1 / Math.sqrt(headSize))) // [H, S, B]
                .transpose(0, 2, 1) // [H, B, S]
                .softmax();
        return value.matmulTransposed(weights) // [H, D, B]
                .transpose(0, 2, 1); // [H, B, D]
    }

    private Value heads(Value x) {
        return x.reshape(x.shape().at(0), Dimension.of(heads), Dimension.of(headSize)); // [S, H, D]
    }
}
