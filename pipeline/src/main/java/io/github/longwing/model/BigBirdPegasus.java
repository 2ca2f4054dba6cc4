package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.nn.Linear;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.GraphSignature;
import io.github.longwing.onnx.Value;
import java.util.EnumMap;
import java.util.Map;

/**
 * The models of the family as graphs: the one list of the graphs of each architecture, and the heads, which are little
 * more than a linear layer on top of {@link BigBirdPegasusModel}.
 */
public final class BigBirdPegasus {
    private BigBirdPegasus() {}

    /**
     * The graphs of a model. Fetches all weights by name and shape; none is read before the graphs are written.
     *
     * @param slots documents that one step of the decoder can serve
     */
    public static Map<Graph, GraphBuilder> graphs(
            BigBirdPegasusConfig config, Weights checkpoint, Precision precision, int slots) {
        ArithmeticPolicy arithmetic = ArithmeticPolicy.of(config, precision);
        return switch (config.architecture()) {
            case CONDITIONAL_GENERATION ->
                new BigBirdPegasusForConditionalGeneration(config, checkpoint, arithmetic).graphs(slots);
            case SEQUENCE_CLASSIFICATION ->
                new BigBirdPegasusForSequenceClassification(config, checkpoint, arithmetic).graphs();
            case QUESTION_ANSWERING -> new BigBirdPegasusForQuestionAnswering(config, checkpoint, arithmetic).graphs();
            case CAUSAL_LM -> new BigBirdPegasusForCausalLM(config, checkpoint, arithmetic).graphs(slots);
            case BASE ->
                new BigBirdPegasusModel(config, checkpoint, TiedEmbeddings.of(config, checkpoint, ""), arithmetic)
                        .graphs();
        };
    }

    /**
     * The inputs and outputs of the graphs of a model, by its config alone.
     *
     * @param slots documents that one step of the decoder can serve
     */
    public static Map<Graph, GraphSignature> signatures(BigBirdPegasusConfig config, int slots) {
        Map<Graph, GraphSignature> signatures = new EnumMap<>(Graph.class);
        graphs(config, Weights.withoutValues(), Precision.FLOAT32, slots)
                .forEach((graph, builder) -> signatures.put(graph, builder.signature()));
        return signatures;
    }

    /** What a head stands on. */
    private static BigBirdPegasusModel base(
            BigBirdPegasusConfig config, Weights checkpoint, ArithmeticPolicy arithmetic) {
        return new BigBirdPegasusModel(
                config, checkpoint.scope("model"), TiedEmbeddings.of(config, checkpoint, "model."), arithmetic);
    }

    /**
     * Labels of documents: encoder and decoder read the whole input, and the decoder's state at the last token that it
     * is given, the eos of the encoder's input, decides.
     */
    private static final class BigBirdPegasusForSequenceClassification {
        private final BigBirdPegasusModel model;
        private final int labels;
        private final Linear dense;
        private final Linear outProj;

        BigBirdPegasusForSequenceClassification(
                BigBirdPegasusConfig config, Weights checkpoint, ArithmeticPolicy arithmetic) {
            Weights head = checkpoint.scope("classification_head");
            int d = config.dModel();
            this.model = base(config, checkpoint, arithmetic);
            this.labels = config.labels().names().size();
            this.dense = Linear.withBias(head.scope("dense"), d, d, Arithmetic.FLOAT32);
            this.outProj = Linear.withBias(head.scope("out_proj"), d, labels, Arithmetic.FLOAT32);
        }

        Map<Graph, GraphBuilder> graphs() {
            GraphBuilder head = new GraphBuilder(Graph.HEAD.graphName());
            outputLogits(head, model.decoder().buildLast(head, model.encoderStates(head)));
            GraphBuilder evidence = new GraphBuilder(Graph.EVIDENCE.graphName());
            Decoder.EvidencedState last =
                    model.decoder().buildLastWithEvidence(evidence, model.encoderStates(evidence));
            outputLogits(evidence, last.hidden());
            evidence.output(GraphNames.SOURCE_WEIGHTS, last.evidence());
            return Map.of(Graph.ENCODER, model.encoderGraph(), Graph.HEAD, head, Graph.EVIDENCE, evidence);
        }

        /** The logits [labels] of one hidden state [1, d]. */
        private void outputLogits(GraphBuilder g, Value hidden) {
            GraphBuilder scope = g.scope("classification_head");
            Value inner = dense.build(scope.scope("dense"), hidden).tanh();
            g.output(
                    GraphNames.LOGITS,
                    outProj.build(scope.scope("out_proj"), inner).reshape(Dimension.of(labels)));
        }
    }

    /** Answers in documents: how well each token, [T], begins and ends an answer. */
    private static final class BigBirdPegasusForQuestionAnswering {
        /** Begin and end, whatever config.json says of labels. */
        private static final int OUTPUTS = 2;

        private final BigBirdPegasusModel model;
        private final Linear qaOutputs;

        BigBirdPegasusForQuestionAnswering(
                BigBirdPegasusConfig config, Weights checkpoint, ArithmeticPolicy arithmetic) {
            this.model = base(config, checkpoint, arithmetic);
            this.qaOutputs =
                    Linear.withBias(checkpoint.scope("qa_outputs"), config.dModel(), OUTPUTS, Arithmetic.FLOAT32);
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
}
