package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.LayerNorm;
import io.github.longwing.nn.LinearPolicy;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.List;
import java.util.stream.IntStream;

/** The encoder: embeddings, layers, and {@code layernorm_embedding}, which in spite of its name comes last. */
final class Encoder {
    private final BigBirdPegasusConfig config;
    private final TokenEmbeddings embeddings;
    private final List<EncoderLayer> layers;
    private final LayerNorm layernormEmbedding;

    Encoder(BigBirdPegasusConfig config, Weights encoder, TokenEmbeddings embeddings, LinearPolicy projections) {
        this.config = config;
        this.embeddings = embeddings;
        this.layers = IntStream.range(0, config.encoderLayers())
                .mapToObj(i -> new EncoderLayer(config, encoder.scope("layers").scope(i), projections))
                .toList();
        this.layernormEmbedding = new LayerNorm(encoder.scope("layernorm_embedding"), config.dModel());
    }

    /** The hidden states of one document, [T, d] for its T tokens before padding. */
    Value build(GraphBuilder g) {
        EncoderInputs inputs = EncoderInputs.of(g, config);
        Value hidden = embeddings.build(g, inputs.inputIds(), inputs.positionIds()); // [S, d]
        for (int i = 0; i < layers.size(); i++) {
            hidden = layers.get(i).build(g.scope("layers." + i), hidden, inputs, i);
        }
        return layernormEmbedding.build(g, hidden).first(inputs.length(), Dimension.of("T"));
    }
}
