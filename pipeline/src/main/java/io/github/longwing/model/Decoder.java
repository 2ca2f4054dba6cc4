package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.DecoderSlots;
import io.github.longwing.nn.LayerNorm;
import io.github.longwing.nn.Projections;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.List;
import java.util.stream.IntStream;

/** The decoder: embeddings, layers, and {@code layernorm_embedding}, which in spite of its name comes last. */
final class Decoder {
    private final TokenEmbeddings embeddings;
    private final List<DecoderLayer> layers;
    private final LayerNorm layernormEmbedding;

    Decoder(BigBirdPegasusConfig config, Weights decoder, TokenEmbeddings embeddings, Projections projections) {
        this.embeddings = embeddings;
        this.layers = IntStream.range(0, config.decoderLayers())
                .mapToObj(i -> new DecoderLayer(config, decoder.scope("layers").scope(i), projections))
                .toList();
        this.layernormEmbedding = new LayerNorm(decoder.scope("layernorm_embedding"), config.dModel());
    }

    /** The keys and values of a document for all layers, from its encoder states [S, d]. */
    void buildCrossAttention(GraphBuilder g, Value encoderStates) {
        for (int i = 0; i < layers.size(); i++) {
            GraphBuilder scope = g.scope("layers." + i).scope("encoder_attn");
            g.output(BigBirdPegasus.crossKeyName(i), layers.get(i).encoderAttn().key(scope, encoderStates));
            g.output(
                    BigBirdPegasus.crossValueName(i),
                    layers.get(i).encoderAttn().value(scope, encoderStates));
        }
    }

    /** The hidden states of one step for the rows of all slots, [R, d]. */
    Value buildStep(GraphBuilder g, int slotCount) {
        Dimension rows = Dimension.of("R");
        Value inputIds = g.input(BigBirdPegasus.INPUT_IDS, DataType.INT64, rows);
        Value positionIds = g.input(BigBirdPegasus.POSITION_IDS, DataType.INT64, rows);
        DecoderSlots slots = DecoderSlots.inputs(g, slotCount);
        Value hidden = embeddings.build(g, inputIds, positionIds); // [R, d]
        for (int i = 0; i < layers.size(); i++) {
            hidden = layers.get(i).build(g.scope("layers." + i), hidden, slots, i);
        }
        return layernormEmbedding.build(g, hidden);
    }
}
