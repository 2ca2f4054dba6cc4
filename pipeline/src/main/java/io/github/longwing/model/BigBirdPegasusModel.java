package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.Map;

/**
 * BigBirdPegasusModel: encoder and decoder, the base of all models that read documents.
 *
 * <p>S source tokens, d model size.
 */
final class BigBirdPegasusModel {
    private final BigBirdPegasusConfig config;
    private final Encoder encoder;
    private final Decoder decoder;

    /** Takes the embeddings and fetches the rest of what lies below {@code model}. */
    BigBirdPegasusModel(
            BigBirdPegasusConfig config, Weights model, TiedEmbeddings embeddings, ArithmeticPolicy projections) {
        Weights encoderWeights = model.scope("encoder");
        Weights decoderWeights = model.scope("decoder");
        this.config = config;
        this.encoder = new Encoder(
                config,
                encoderWeights,
                new TokenEmbeddings(config, embeddings.encoder(), encoderWeights),
                projections.encoder());
        this.decoder = new Decoder(
                config,
                decoderWeights,
                new TokenEmbeddings(config, embeddings.decoder(), decoderWeights),
                projections.decoder());
    }

    Map<Graph, GraphBuilder> graphs() {
        GraphBuilder head = new GraphBuilder(Graph.HEAD.graphName());
        head.output(GraphNames.LAST_HIDDEN_STATE, decoder.buildSequence(head, encoderStates(head)));
        return Map.of(Graph.ENCODER, encoderGraph(), Graph.HEAD, head);
    }

    Decoder decoder() {
        return decoder;
    }

    GraphBuilder encoderGraph() {
        GraphBuilder g = new GraphBuilder(Graph.ENCODER.graphName());
        g.output(GraphNames.ENCODER_LAST_HIDDEN_STATE, encoder.build(g));
        return g;
    }

    /** What the encoder gave, [S, d], as an input of another graph. */
    Value encoderStates(GraphBuilder g) {
        return g.input(
                GraphNames.ENCODER_LAST_HIDDEN_STATE, DataType.FLOAT, Dimension.of("S"), Dimension.of(config.dModel()));
    }
}
