package io.github.longwing.nn;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Causal self-attention of the decoder over a whole sequence: each token attends to itself and to what came before it.
 * The weights of a {@link CachedSelfAttention}, all tokens at once.
 *
 * <p>T tokens; d model size; H heads; D head size; n queries of a chunk; p keys of a chunk.
 */
public final class CausalSelfAttention {
    private final AttentionProjections projections;

    /** Fetches {@code q_proj}, {@code k_proj}, {@code v_proj} and {@code out_proj}. */
    public CausalSelfAttention(Weights selfAttn, LinearPolicy projections, int dModel, int heads) {
        this.projections = new AttentionProjections(selfAttn, projections, dModel, heads);
    }

    private record Past(Value key, Value value) {
        void output(GraphBuilder g, int layer) {
            g.output(GraphNames.newKey(layer), key);
            g.output(GraphNames.newValue(layer), value);
        }
    }

    /** [T, d] for hidden states [T, d]. */
    public Value build(GraphBuilder g, Value hidden, CausalChunks chunks) {
        return attend(g, hidden, past(g, hidden), chunks);
    }

    /** As {@link #build}, and the keys and values leave the graph as by {@link #outputPast}. */
    public Value buildAndOutputPast(GraphBuilder g, Value hidden, CausalChunks chunks, int layer) {
        Past past = past(g, hidden);
        past.output(g, layer);
        return attend(g, hidden, past, chunks);
    }

    /** The keys and values [T, d] of a sequence leave the graph, under the names of those of a step. */
    public void outputPast(GraphBuilder g, Value hidden, int layer) {
        past(g, hidden).output(g, layer);
    }

    private Past past(GraphBuilder g, Value hidden) {
        return new Past(projections.key(g, hidden), projections.value(g, hidden));
    }

    private Value attend(GraphBuilder g, Value hidden, Past past, CausalChunks chunks) {
        Value queries = heads(projections.query(g, hidden)); // [H, T, D]
        Value keys = heads(past.key()); // [H, T, D]
        Value values = heads(past.value()); // [H, T, D]
        List<Value> contexts = IntStream.range(0, chunks.count())
                .mapToObj(chunk -> CausalChunks.queries(queries, 1, chunk) // [H, n, D]
                        .matmulTransposed(CausalChunks.keys(keys, 1, chunk), projections.scale()) // [H, n, p]
                        .add(chunks.masks().get(chunk))
                        .softmax()
                        .matmul(CausalChunks.keys(values, 1, chunk))) // [H, n, D]
                .toList();
        Dimension tokens = hidden.shape().at(0);
        Value context = contexts.get(0).concat(1, tokens, contexts.subList(1, contexts.size())); // [H, T, D]
        return projections.output(g, projections.merge(context));
    }

    /** [1, d] for the last of the hidden states [T, d] alone, which attends to all. */
    public Value buildLast(GraphBuilder g, Value hidden) {
        Value query = projections.query(g, hidden.last());
        return projections.output(
                g, projections.attendToAll(g, query, projections.key(g, hidden), projections.value(g, hidden)));
    }

    private Value heads(Value x) {
        return projections.heads(x).transpose(1, 0, 2);
    }
}
