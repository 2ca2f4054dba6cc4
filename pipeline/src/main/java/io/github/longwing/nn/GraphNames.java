package io.github.longwing.nn;

/**
 * The names of all inputs and outputs of the graphs. The graphs declare their shapes where they are built; a session
 * checks its file against them when it opens.
 */
public final class GraphNames {
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

    /** The parts of an {@link AttentionPlan}; {@link PlanValues} says what they are. */
    public static final String KEY_MASK = "key_mask";

    public static final String GLOBAL_QUERIES = "global_queries";
    public static final String SPARSE_QUERIES = "sparse_queries";
    public static final String KEY_BLOCKS = "key_blocks";
    public static final String KEY_BLOCK_BIAS = "key_block_bias";
    public static final String GATHERED_SHAPE = "gathered_shape";
    public static final String BIAS_SHAPE = "bias_shape";

    /** The rows of each slot of {@link DecoderSlots}. */
    public static final String SLOT_ROWS = "slot_rows";

    private GraphNames() {}

    /** The keys of a document for one layer, [H, S, D]. */
    public static String crossKey(int layer) {
        return "cross_key." + layer;
    }

    /** The values of a document for one layer, [H, D, S]. */
    public static String crossValue(int layer) {
        return "cross_value." + layer;
    }

    /** The keys of the document in a slot for one layer, [H, S, D]. */
    public static String crossKey(int layer, int slot) {
        return "cross_key." + layer + "." + slot;
    }

    /** The values of the document in a slot for one layer, [H, D, S]. */
    public static String crossValue(int layer, int slot) {
        return "cross_value." + layer + "." + slot;
    }

    public static String selfBias(int slot) {
        return "self_bias." + slot;
    }

    /** The two numbers P and B of a slot. */
    public static String selfColumns(int slot) {
        return "self_columns." + slot;
    }

    public static String selfKey(int layer, int slot) {
        return "self_key." + layer + "." + slot;
    }

    public static String selfValue(int layer, int slot) {
        return "self_value." + layer + "." + slot;
    }

    /** The keys of this step or prompt, [R, d]. */
    public static String newKey(int layer) {
        return "new_key." + layer;
    }

    /** The values of this step or prompt, [R, d]. */
    public static String newValue(int layer) {
        return "new_value." + layer;
    }
}
