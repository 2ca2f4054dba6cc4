package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.nn.Linear;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.Map;

/** Answers in documents: how well each token, [T], begins and ends an answer. */
final class BigBirdPegasusForQuestionAnswering {
    /** Begin and end, whatever config.json says of labels. */
    private static final int OUTPUTS = 2;

    private final BigBirdPegasusModel model;
    private final Linear qaOutputs;

    BigBirdPegasusForQuestionAnswering(BigBirdPegasusConfig config, Weights checkpoint, ArithmeticPolicy projections) {
        this.model = new BigBirdPegasusModel(
                config, checkpoint.scope("model"), TiedEmbeddings.of(config, checkpoint, "model."), projections);
        this.qaOutputs = Linear.withBias(checkpoint.scope("qa_outputs"), config.dModel(), OUTPUTS, Arithmetic.FLOAT32);
    }

    Map<Graph, GraphBuilder> graphs() {
        GraphBuilder g = new GraphBuilder(Graph.HEAD.graphName());
        Value hidden = model.decoder().buildSequence(g, model.encoderStates(g)); // [T, d]
        Value logits = qaOutputs.build(g.scope("qa_outputs"), hidden); // [T, 2]
        g.output(GraphNames.START_LOGITS, logits.gather(g.index(0), 1));
        g.output(GraphNames.END_LOGITS, logits.gather(g.index(1), 1));
        return Map.of(Graph.ENCODER, model.encoderGraph(), Graph.HEAD, g);
    }
}
