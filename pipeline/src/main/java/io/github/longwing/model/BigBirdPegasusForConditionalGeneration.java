package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.nn.VocabularyProjection;
import io.github.longwing.onnx.GraphBuilder;
import java.util.Map;

/**
 * The encoder, run once for each document; the keys and values of cross-attention, run once after it; one step of the
 * decoder, run once for each token; and what a finished text attended to, run only if somebody asks.
 */
final class BigBirdPegasusForConditionalGeneration {
    private final BigBirdPegasusModel model;
    private final LmHead lmHead;

    BigBirdPegasusForConditionalGeneration(
            BigBirdPegasusConfig config, Weights checkpoint, ArithmeticPolicy projections) {
        TiedEmbeddings embeddings = TiedEmbeddings.withLmHead(config, checkpoint, "model.");
        this.model = new BigBirdPegasusModel(config, checkpoint.scope("model"), embeddings, projections);
        // transformers keeps the bias as a buffer and takes zeros where a checkpoint has none
        this.lmHead = new LmHead(new VocabularyProjection(
                embeddings.lmHead().orElseThrow(),
                checkpoint.find("final_logits_bias", 1, config.vocabSize()),
                config.vocabSize(),
                projections.vocabulary()));
    }

    Map<Graph, GraphBuilder> graphs(int slots) {
        GraphBuilder crossAttention = new GraphBuilder(Graph.CROSS_ATTENTION.graphName());
        model.decoder().buildCrossAttention(crossAttention, model.encoderStates(crossAttention));
        GraphBuilder evidence = new GraphBuilder(Graph.EVIDENCE.graphName());
        evidence.output(GraphNames.SOURCE_WEIGHTS, model.decoder().buildEvidence(evidence));
        return Map.of(
                Graph.ENCODER,
                model.encoderGraph(),
                Graph.CROSS_ATTENTION,
                crossAttention,
                Graph.DECODER,
                lmHead.stepGraph(model.decoder(), slots),
                Graph.EVIDENCE,
                evidence);
    }
}
