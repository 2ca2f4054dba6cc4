package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.FeedForward;
import io.github.longwing.nn.LayerNorm;
import io.github.longwing.nn.LinearPolicy;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.List;

/** One pre-norm block of the encoder. */
final class EncoderLayer {
    private final EncoderAttention selfAttn;
    private final LayerNorm selfAttnLayerNorm;
    private final FeedForward feedForward;
    private final LayerNorm finalLayerNorm;

    EncoderLayer(BigBirdPegasusConfig config, Weights checkpoint, LinearPolicy projections) {
        int d = config.dModel();
        Weights layer = OutlyingColumns.moved(
                checkpoint,
                d,
                projections,
                List.of("self_attn.self.query", "self_attn.self.key", "self_attn.self.value"));
        this.selfAttn = EncoderAttention.of(config, layer.scope("self_attn"), projections);
        this.selfAttnLayerNorm = new LayerNorm(layer.scope("self_attn_layer_norm"), d);
        this.feedForward = new FeedForward(
                layer, d, config.encoderFfnDim(), config.activationFunction(), projections.feedForward());
        this.finalLayerNorm = new LayerNorm(layer.scope("final_layer_norm"), d);
    }

    /** [S, d] for hidden states [S, d]. */
    Value build(GraphBuilder g, Value hidden, EncoderInputs inputs, int layer) {
        Value normed = selfAttnLayerNorm.build(g, hidden);
        Value attended = hidden.add(selfAttn.build(g.scope("self_attn"), normed, inputs, layer));
        return attended.add(feedForward.build(g, finalLayerNorm.build(g, attended)));
    }
}
