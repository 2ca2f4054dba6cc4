package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.CachedSelfAttention;
import io.github.longwing.nn.CrossAttention;
import io.github.longwing.nn.DecoderSlots;
import io.github.longwing.nn.FeedForward;
import io.github.longwing.nn.LayerNorm;
import io.github.longwing.nn.Projections;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;

/** One pre-norm block of the decoder. */
final class DecoderLayer {
    private final CachedSelfAttention selfAttn;
    private final LayerNorm selfAttnLayerNorm;
    private final CrossAttention encoderAttn;
    private final LayerNorm encoderAttnLayerNorm;
    private final FeedForward feedForward;
    private final LayerNorm finalLayerNorm;

    DecoderLayer(BigBirdPegasusConfig config, Weights layer, Projections projections) {
        int d = config.dModel();
        int heads = config.decoderAttentionHeads();
        this.selfAttn = new CachedSelfAttention(layer.scope("self_attn"), projections, d, heads);
        this.selfAttnLayerNorm = new LayerNorm(layer.scope("self_attn_layer_norm"), d);
        this.encoderAttn = new CrossAttention(layer.scope("encoder_attn"), projections, d, heads);
        this.encoderAttnLayerNorm = new LayerNorm(layer.scope("encoder_attn_layer_norm"), d);
        this.feedForward = new FeedForward(
                layer, d, config.decoderFfnDim(), config.activationFunction(), projections.arithmetic());
        this.finalLayerNorm = new LayerNorm(layer.scope("final_layer_norm"), d);
    }

    CrossAttention encoderAttn() {
        return encoderAttn;
    }

    /** [R, d] for hidden states [R, d] of one step. */
    Value build(GraphBuilder g, Value hidden, DecoderSlots slots, int layer) {
        Value selfNormed = selfAttnLayerNorm.build(g, hidden);
        Value selfAttended = hidden.add(selfAttn.build(g.scope("self_attn"), selfNormed, slots, layer));
        Value crossNormed = encoderAttnLayerNorm.build(g, selfAttended);
        Value crossAttended = selfAttended.add(encoderAttn.build(g.scope("encoder_attn"), crossNormed, slots, layer));
        return crossAttended.add(feedForward.build(g, finalLayerNorm.build(g, crossAttended)));
    }
}
