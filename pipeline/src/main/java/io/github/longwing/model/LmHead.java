package io.github.longwing.model;

import io.github.longwing.nn.GraphNames;
import io.github.longwing.nn.VocabularyProjection;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;

/** The output over the vocabulary of models that generate text. */
record LmHead(VocabularyProjection projection) {

    /** One step of a decoder for the rows of up to so many documents: logits and their log-softmax, [R, V]. */
    GraphBuilder stepGraph(Decoder decoder, int slots) {
        GraphBuilder g = new GraphBuilder(Graph.DECODER.graphName());
        Value logits = projection.build(g.scope("lm_head"), decoder.buildStep(g, slots));
        g.output(GraphNames.LOG_PROBS, logits.logSoftmax());
        g.output(GraphNames.LOGITS, logits);
        return g;
    }
}
