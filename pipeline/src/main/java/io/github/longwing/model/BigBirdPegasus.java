package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.GraphSignature;
import java.util.EnumMap;
import java.util.Map;

/** The models of the family as graphs: the one list of the graphs of each architecture. */
public final class BigBirdPegasus {
    private BigBirdPegasus() {}

    /**
     * The graphs of a model. Fetches all weights by name and shape; none is read before the graphs are written.
     *
     * @param slots documents that one step of the decoder can serve
     */
    public static Map<Graph, GraphBuilder> graphs(
            BigBirdPegasusConfig config, Weights checkpoint, Precision precision, int slots) {
        ArithmeticPolicy.Choice arithmetic = new ArithmeticPolicy.Choice(config, precision);
        return switch (config.architecture()) {
            case CONDITIONAL_GENERATION ->
                new BigBirdPegasusForConditionalGeneration(config, checkpoint, arithmetic.everywhere()).graphs(slots);
            case SEQUENCE_CLASSIFICATION ->
                new BigBirdPegasusForSequenceClassification(config, checkpoint, arithmetic.decoderFeedForward())
                        .graphs();
            case QUESTION_ANSWERING ->
                new BigBirdPegasusForQuestionAnswering(config, checkpoint, arithmetic.feedForward()).graphs();
            case CAUSAL_LM -> new BigBirdPegasusForCausalLM(config, checkpoint, arithmetic.everywhere()).graphs(slots);
            case BASE ->
                new BigBirdPegasusModel(
                                config, checkpoint, TiedEmbeddings.of(config, checkpoint, ""), arithmetic.feedForward())
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
}
