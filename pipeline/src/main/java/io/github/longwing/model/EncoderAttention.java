package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.AttentionType;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.BlockSparseAttention;
import io.github.longwing.nn.FullAttention;
import io.github.longwing.nn.LinearPolicy;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;

/** The encoder's self-attention: by plan for block-sparse models, of every token to every token for the others. */
interface EncoderAttention {
    Value build(GraphBuilder g, Value hidden, EncoderInputs inputs, int layer);

    static EncoderAttention of(BigBirdPegasusConfig config, Weights selfAttn, LinearPolicy projections) {
        int d = config.dModel();
        int heads = config.encoderAttentionHeads();
        if (config.attentionType() == AttentionType.BLOCK_SPARSE) {
            BlockSparseAttention attention =
                    new BlockSparseAttention(selfAttn, projections, d, heads, config.blockSize());
            return (g, hidden, inputs, layer) ->
                    attention.build(g, hidden, inputs.plan().orElseThrow(), layer);
        }
        FullAttention attention = new FullAttention(selfAttn, projections, d, heads);
        return (g, hidden, inputs, layer) -> attention.build(g, hidden);
    }
}
