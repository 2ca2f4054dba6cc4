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
 * <p>Letters as in {@link DecoderSlots}; H heads, D head size, T rows of a whole sequence.
 */
public final class CrossAttention {
    private final AttentionProjections projections;

    /** Fetches {@code q_proj}, {@code k_proj}, {@code v_proj} and {@code out_proj}. */
    public CrossAttention(Weights encoderAttn, LinearPolicy projections, int dModel, int heads) {
        this.projections = new AttentionProjections(encoderAttn, projections, dModel, heads);
    }

    /** The keys of a document, [H, S, D], for its encoder states [S, d]. */
    public Value key(GraphBuilder g, Value encoderStates) {
        return projections.heads(projections.key(g, encoderStates)).transpose(1, 0, 2);
    }

    /** The values of a document, [H, D, S], for its encoder states [S, d]. */
    public Value value(GraphBuilder g, Value encoderStates) {
        return projections.heads(projections.value(g, encoderStates)).transpose(1, 2, 0);
    }

    /** [R, d] for hidden states [R, d] of one step. */
    public Value build(GraphBuilder g, Value hidden, DecoderSlots slots, int layer) {
        List<Value> queries = slots.heads(projections.query(g, hidden), projections.heads(), projections.headSize());
        List<Value> contexts = new ArrayList<>();
        for (int slot = 0; slot < slots.count(); slot++) {
            contexts.add(attend(g, queries.get(slot), layer, slot));
        }
        Value merged = DecoderSlots.merge(contexts, hidden.shape().at(0), projections.dModel());
        return projections.output(g, merged);
    }

    private Value attend(GraphBuilder g, Value query, int layer, int slot) {
        Dimension h = Dimension.of(projections.heads());
        Dimension d = Dimension.of(projections.headSize());
        Dimension source = Dimension.of("S" + slot);
        Value key = g.input(GraphNames.crossKey(layer, slot), DataType.FLOAT, h, source, d);
        Value value = g.input(GraphNames.crossValue(layer, slot), DataType.FLOAT, h, d, source);
        Value weights = key.matmulTransposed(query, projections.scale()) // [H, S, B]
                .transpose(0, 2, 1) // [H, B, S]
                .softmax();
        return value.matmulTransposed(weights) // [H, D, B]
                .transpose(0, 2, 1); // [H, B, D]
    }

    /** [T, d] for hidden states [T, d] of a whole sequence and the encoder states [S, d]; no weights are ever held. */
    public Value build(GraphBuilder g, Value hidden, Value encoderStates) {
        return projections.output(
                g,
                projections.attendToAll(
                        g,
                        projections.query(g, hidden),
                        projections.key(g, encoderStates),
                        projections.value(g, encoderStates)));
    }

    /** How much each of T rows [T, d] attends to each token of a document with the keys [H, S, D]: [H, T, S]. */
    public Value weights(GraphBuilder g, Value hidden, Value key) {
        return projections
                .heads(projections.query(g, hidden))
                .transpose(1, 0, 2) // [H, T, D]
                .matmulTransposed(key, projections.scale())
                .softmax();
    }

    /** [T, d] for {@link #weights} [H, T, S] and a document's values [H, D, S]. */
    public Value context(GraphBuilder g, Value weights, Value value) {
        return projections.output(g, projections.merge(weights.matmulTransposed(value)));
    }
}
