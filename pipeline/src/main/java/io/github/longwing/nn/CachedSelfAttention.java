package io.github.longwing.nn;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Causal self-attention of one decoder step over the pools of past keys and values. The long operand always stands on
 * the left of a product: matrix libraries repack the right one, which for a few rows costs more than the product.
 *
 * <p>Letters as in {@link DecoderSlots}; H heads, D head size.
 */
public final class CachedSelfAttention {
    private final Linear qProj;
    private final Linear kProj;
    private final Linear vProj;
    private final Linear outProj;
    private final int heads;
    private final int headSize;

    /** Fetches {@code q_proj}, {@code k_proj}, {@code v_proj} and {@code out_proj}. */
    public CachedSelfAttention(Weights selfAttn, Projections projections, int dModel, int heads) {
        this.qProj = projections.linear(selfAttn.scope("q_proj"), dModel, dModel);
        this.kProj = projections.linear(selfAttn.scope("k_proj"), dModel, dModel);
        this.vProj = projections.linear(selfAttn.scope("v_proj"), dModel, dModel);
        this.outProj = projections.linear(selfAttn.scope("out_proj"), dModel, dModel);
        this.heads = heads;
        this.headSize = dModel / heads;
    }

    /** [R, d] for hidden states [R, d]; this step's keys and values leave the graph to be appended to the pools. */
    public Value build(GraphBuilder g, Value hidden, DecoderSlots slots, int layer) {
        Value key = kProj.build(g.scope("k_proj"), hidden); // [R, d]
        Value value = vProj.build(g.scope("v_proj"), hidden); // [R, d]
        List<Value> queries = slots.heads(qProj.build(g.scope("q_proj"), hidden), heads, headSize);
        List<Value> keys = slots.heads(key, heads, headSize);
        List<Value> values = slots.heads(value, heads, headSize);
        List<Value> contexts = new ArrayList<>();
        for (int slot = 0; slot < slots.count(); slot++) {
            contexts.add(attend(g, queries.get(slot), keys.get(slot), values.get(slot), slots, layer, slot));
        }
        g.output(DecoderSlots.newKeyName(layer), key);
        g.output(DecoderSlots.newValueName(layer), value);
        Value merged = DecoderSlots.merge(contexts, hidden.shape().at(0), heads * headSize);
        return outProj.build(g.scope("out_proj"), merged);
    }

    private Value attend(
            GraphBuilder g, Value query, Value newKey, Value newValue, DecoderSlots slots, int layer, int slot) {
        Dimension h = Dimension.of(heads);
        Dimension d = Dimension.of(headSize);
        Dimension past = Dimension.of("P" + slot);
        Dimension rows = DecoderSlots.rows(slot);
        Value pastKey = g.input(DecoderSlots.selfKeyName(layer, slot), DataType.FLOAT, h, past, d); // [H, P, D]
        Value pastValue = g.input(DecoderSlots.selfValueName(layer, slot), DataType.FLOAT, h, d, past); // [H, D, P]
        float scale = (float) (1 / Math.sqrt(headSize));
        Value pastScores = pastKey.matmulTransposed(query, scale) // [H, P, B]
                .transpose(0, 2, 1); // [H, B, P]
        Value newScores = query.matmulTransposed(newKey, scale); // [H, B, B]
        Value weights = pastScores
                .concat(2, Dimension.of("P+B" + slot), List.of(newScores))
                .add(slots.selfBias().get(slot))
                .softmax(); // [H, B, P+B]
        List<Value> parts = weights.split(2, slots.selfColumns().get(slot), List.of(past, rows));
        Value pastContext = pastValue
                .matmulTransposed(parts.get(0)) // [H, D, B]
                .transpose(0, 2, 1); // [H, B, D]
        return pastContext.add(parts.get(1).matmul(newValue)); // [H, B, D]
    }
}
