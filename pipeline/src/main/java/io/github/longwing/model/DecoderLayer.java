package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.CachedSelfAttention;
import io.github.longwing.nn.CausalChunks;
import io.github.longwing.nn.CausalSelfAttention;
import io.github.longwing.nn.CrossAttention;
import io.github.longwing.nn.DecoderSlots;
import io.github.longwing.nn.FeedForward;
import io.github.longwing.nn.LayerNorm;
import io.github.longwing.nn.LinearPolicy;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.List;

/**
 * One pre-norm block of the decoder as its three parts, each with its norm before and its residual after it; attention
 * for one step (R rows) or for a whole sequence (T rows).
 */
final class DecoderLayer {
    private final CachedSelfAttention cachedSelfAttn;
    private final CausalSelfAttention selfAttn;
    private final LayerNorm selfAttnLayerNorm;
    private final CrossAttention encoderAttn;
    private final LayerNorm encoderAttnLayerNorm;
    private final FeedForward feedForward;
    private final LayerNorm finalLayerNorm;

    DecoderLayer(BigBirdPegasusConfig config, Weights checkpoint, LinearPolicy projections) {
        int d = config.dModel();
        Weights layer = OutlyingColumns.moved(
                checkpoint, d, projections, List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"));
        int heads = config.decoderAttentionHeads();
        this.cachedSelfAttn = new CachedSelfAttention(layer.scope("self_attn"), projections, d, heads);
        this.selfAttn = new CausalSelfAttention(layer.scope("self_attn"), projections, d, heads);
        this.selfAttnLayerNorm = new LayerNorm(layer.scope("self_attn_layer_norm"), d);
        this.encoderAttn = new CrossAttention(layer.scope("encoder_attn"), projections, d, heads);
        this.encoderAttnLayerNorm = new LayerNorm(layer.scope("encoder_attn_layer_norm"), d);
        this.feedForward = new FeedForward(
                layer, d, config.decoderFfnDim(), config.activationFunction(), projections.feedForward());
        this.finalLayerNorm = new LayerNorm(layer.scope("final_layer_norm"), d);
    }

    /** The keys [H, S, D] of a document for its encoder states [S, d]. */
    Value crossKey(GraphBuilder g, Value encoderStates) {
        return encoderAttn.key(g.scope("encoder_attn"), encoderStates);
    }

    /** The values [H, D, S] of a document for its encoder states [S, d]. */
    Value crossValue(GraphBuilder g, Value encoderStates) {
        return encoderAttn.value(g.scope("encoder_attn"), encoderStates);
    }

    /** [R, d] for hidden states [R, d] of one step. */
    Value selfAttendStep(GraphBuilder g, Value hidden, DecoderSlots slots, int layer) {
        Value normed = selfAttnLayerNorm.build(g, hidden);
        return hidden.add(cachedSelfAttn.build(g.scope("self_attn"), normed, slots, layer));
    }

    /** [R, d] for hidden states [R, d] of one step. */
    Value crossAttendStep(GraphBuilder g, Value hidden, DecoderSlots slots, int layer) {
        Value normed = encoderAttnLayerNorm.build(g, hidden);
        return hidden.add(encoderAttn.build(g.scope("encoder_attn"), normed, slots, layer));
    }

    /** [T, d] for hidden states [T, d] of a whole sequence. */
    Value selfAttend(GraphBuilder g, Value hidden, CausalChunks chunks) {
        Value normed = selfAttnLayerNorm.build(g, hidden);
        return hidden.add(selfAttn.build(g.scope("self_attn"), normed, chunks));
    }

    /** As {@link #selfAttend}, and what later steps need leaves the graph as by {@link #outputPast}. */
    Value selfAttendAndOutputPast(GraphBuilder g, Value hidden, CausalChunks chunks, int layer) {
        Value normed = selfAttnLayerNorm.build(g, hidden);
        return hidden.add(selfAttn.buildAndOutputPast(g.scope("self_attn"), normed, chunks, layer));
    }

    /** The keys and values [T, d] of a sequence leave the graph, under the names of those of a step. */
    void outputPast(GraphBuilder g, Value hidden, int layer) {
        selfAttn.outputPast(g.scope("self_attn"), selfAttnLayerNorm.build(g, hidden), layer);
    }

    /** [1, d] for the last of the hidden states [T, d]. */
    Value selfAttendLast(GraphBuilder g, Value hidden) {
        Value normed = selfAttnLayerNorm.build(g, hidden);
        return hidden.last().add(selfAttn.buildLast(g.scope("self_attn"), normed));
    }

    /** [T, d] for hidden states [T, d] of a whole sequence and the encoder states [S, d]. */
    Value crossAttend(GraphBuilder g, Value hidden, Value encoderStates) {
        Value normed = encoderAttnLayerNorm.build(g, hidden);
        return hidden.add(encoderAttn.build(g.scope("encoder_attn"), normed, encoderStates));
    }

    /** How much each row [T, d] attends to the tokens of a document with the keys [H, S, D]: [H, T, S]. */
    Value crossWeights(GraphBuilder g, Value hidden, Value key) {
        return encoderAttn.weights(g.scope("encoder_attn"), encoderAttnLayerNorm.build(g, hidden), key);
    }

    /** [T, d] for hidden states [T, d], their weights [H, T, S] and a document's values [H, D, S]. */
    Value crossAttendBy(GraphBuilder g, Value hidden, Value weights, Value value) {
        return hidden.add(encoderAttn.context(g.scope("encoder_attn"), weights, value));
    }

    /** [rows, d] for hidden states [rows, d]. */
    Value feedForward(GraphBuilder g, Value hidden) {
        return hidden.add(feedForward.build(g, finalLayerNorm.build(g, hidden)));
    }
}
