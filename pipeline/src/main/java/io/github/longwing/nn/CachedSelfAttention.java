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
    private final AttentionProjections projections;

    /** Fetches {@code q_proj}, {@code k_proj}, {@code v_proj} and {@code out_proj}. */
    public CachedSelfAttention(Weights selfAttn, LinearPolicy projections, int dModel, int heads) {
        this.projections = new AttentionProjections(selfAttn, projections, dModel, heads);
    }

    /** [R, d] for hidden states [R, d]; this step's keys and values leave the graph to be appended to the pools. */
    public Value build(GraphBuilder g, Value hidden, DecoderSlots slots, int layer) {
        int heads = projections.heads();
        int headSize = projections.headSize();
        Value key = projections.key(g, hidden); // [R, d]
        Value value = projections.value(g, hidden); // [R, d]
        List<Value> queries = slots.heads(projections.query(g, hidden), heads, headSize);
        List<Value> keys = slots.heads(key, heads, headSize);
        List<Value> values = slots.heads(value, heads, headSize);
        List<Value> contexts = new ArrayList<>();
        for (int slot = 0; slot < slots.count(); slot++) {
            contexts.add(attend(g, queries.get(slot), keys.get(slot), values.get(slot), slots, layer, slot));
        }
        g.output(GraphNames.newKey(layer), key);
        g.output(GraphNames.newValue(layer), value);
        Value merged = DecoderSlots.merge(contexts, hidden.shape().at(0), heads * headSize);
        return projections.output(g, merged);
    }

    private Value attend(
            GraphBuilder g, Value query, Value newKey, Value newValue, DecoderSlots slots, int layer, int slot) {
        Dimension h = Dimension.of(projections.heads());
        Dimension d = Dimension.of(projections.headSize());
        Dimension past = Dimension.of("P" + slot);
        Dimension rows = DecoderSlots.rows(slot);
        Value pastKey = g.input(GraphNames.selfKey(layer, slot), DataType.FLOAT, h, past, d); // [H, P, D]
        Value pastValue = g.input(GraphNames.selfValue(layer, slot), DataType.FLOAT, h, d, past); // [H, D, P]
        float scale = projections.scale();
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
