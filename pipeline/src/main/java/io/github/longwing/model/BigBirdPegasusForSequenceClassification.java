package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.nn.Linear;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.Map;

/**
 * Labels of documents: encoder and decoder read the whole input, and the decoder's state at the last token that it is
 * given, the eos of the encoder's input, decides.
 */
final class BigBirdPegasusForSequenceClassification {
    private final BigBirdPegasusModel model;
    private final int labels;
    private final Linear dense;
    private final Linear outProj;

    BigBirdPegasusForSequenceClassification(
            BigBirdPegasusConfig config, Weights checkpoint, ArithmeticPolicy projections) {
        Weights head = checkpoint.scope("classification_head");
        int d = config.dModel();
        this.model = new BigBirdPegasusModel(
                config, checkpoint.scope("model"), TiedEmbeddings.of(config, checkpoint, "model."), projections);
        this.labels = config.labels().names().size();
        this.dense = Linear.withBias(head.scope("dense"), d, d, Arithmetic.FLOAT32);
        this.outProj = Linear.withBias(head.scope("out_proj"), d, labels, Arithmetic.FLOAT32);
    }

    Map<Graph, GraphBuilder> graphs() {
        GraphBuilder head = new GraphBuilder(Graph.HEAD.graphName());
        outputLogits(head, model.decoder().buildLast(head, model.encoderStates(head)));
        GraphBuilder evidence = new GraphBuilder(Graph.EVIDENCE.graphName());
        Decoder.EvidencedState last = model.decoder().buildLastWithEvidence(evidence, model.encoderStates(evidence));
        outputLogits(evidence, last.hidden());
        evidence.output(GraphNames.SOURCE_WEIGHTS, last.evidence());
        return Map.of(Graph.ENCODER, model.encoderGraph(), Graph.HEAD, head, Graph.EVIDENCE, evidence);
    }

    /** The logits [labels] of one hidden state [1, d]. */
    private void outputLogits(GraphBuilder g, Value hidden) {
        GraphBuilder scope = g.scope("classification_head");
        Value inner = dense.build(scope.scope("dense"), hidden).tanh();
        g.output(
                GraphNames.LOGITS, outProj.build(scope.scope("out_proj"), inner).reshape(Dimension.of(labels)));
    }
}
