package io.github.longwing.model;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.onnx.GraphBuilder;
import java.util.Map;

/** The models of the family as graphs: which there are, and the names of their inputs and outputs. */
public final class BigBirdPegasus {
    public static final String INPUT_IDS = "input_ids";
    public static final String POSITION_IDS = "position_ids";

    /** Tokens of the document before padding. */
    public static final String LENGTH = "length";

    public static final String ENCODER_LAST_HIDDEN_STATE = "encoder_last_hidden_state";
    public static final String LAST_HIDDEN_STATE = "last_hidden_state";
    public static final String LOGITS = "logits";
    public static final String LOG_PROBS = "log_probs";
    public static final String START_LOGITS = "start_logits";
    public static final String END_LOGITS = "end_logits";

    /** The weight of each source token, [S]; they sum to 1. */
    public static final String SOURCE_WEIGHTS = "source_weights";

    private BigBirdPegasus() {}

    /** The keys of a document for one layer, [H, S, D]. */
    public static String crossKeyName(int layer) {
        return "cross_key." + layer;
    }

    /** The values of a document for one layer, [H, D, S]. */
    public static String crossValueName(int layer) {
        return "cross_value." + layer;
    }

    /**
     * The graphs of a model. Fetches all weights by name and shape; none is read before the graphs are written.
     *
     * @param slots documents that one step of the decoder can serve
     */
    public static Map<Graph, GraphBuilder> graphs(
            BigBirdPegasusConfig config, Weights checkpoint, Precision precision, int slots) {
        ArithmeticPolicy projections = ArithmeticPolicy.of(config, precision);
        return switch (config.architecture()) {
            case CONDITIONAL_GENERATION ->
                new BigBirdPegasusForConditionalGeneration(config, checkpoint, projections).graphs(slots);
            case SEQUENCE_CLASSIFICATION ->
                new BigBirdPegasusForSequenceClassification(config, checkpoint, projections).graphs();
            case QUESTION_ANSWERING -> new BigBirdPegasusForQuestionAnswering(config, checkpoint, projections).graphs();
            case CAUSAL_LM -> new BigBirdPegasusForCausalLM(config, checkpoint, projections).graphs(slots);
            case BASE ->
                new BigBirdPegasusModel(config, checkpoint, TiedEmbeddings.of(config, checkpoint, ""), projections)
                        .graphs();
        };
    }
}
