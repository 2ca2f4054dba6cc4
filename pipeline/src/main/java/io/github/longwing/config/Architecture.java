package io.github.longwing.config;

/** The classes of the model family, by the name that config.json gives in {@code architectures}. */
public enum Architecture {
    CONDITIONAL_GENERATION(
            "BigBirdPegasusForConditionalGeneration", Int8Layers.ALL_BUT_SCORES, Int8Layers.ALL_BUT_SCORES),
    SEQUENCE_CLASSIFICATION("BigBirdPegasusForSequenceClassification", Int8Layers.NONE, Int8Layers.FEED_FORWARD),
    QUESTION_ANSWERING("BigBirdPegasusForQuestionAnswering", Int8Layers.FEED_FORWARD, Int8Layers.FEED_FORWARD),
    CAUSAL_LM("BigBirdPegasusForCausalLM", Int8Layers.NONE, Int8Layers.ALL_BUT_SCORES),
    BASE("BigBirdPegasusModel", Int8Layers.ALL_BUT_SCORES, Int8Layers.FEED_FORWARD);

    private final String configName;
    private final Int8Layers encoderInt8;
    private final Int8Layers decoderInt8;

    Architecture(String configName, Int8Layers encoderInt8, Int8Layers decoderInt8) {
        this.configName = configName;
        this.encoderInt8 = encoderInt8;
        this.decoderInt8 = decoderInt8;
    }

    /**
     * The linear layers of one side that multiply in eight bits where int8 is asked for; the output over the vocabulary
     * always does. Which ones was measured, see docs/adr: an error of queries and keys goes through the softmax, one of the
     * encoder through all of the decoder, and a label depends on one hidden state after both.
     */
    public enum Int8Layers {
        /** All but the projections to queries and keys. */
        ALL_BUT_SCORES,
        FEED_FORWARD,
        NONE
    }

    public String configName() {
        return configName;
    }

    Int8Layers encoderInt8() {
        return encoderInt8;
    }

    Int8Layers decoderInt8() {
        return decoderInt8;
    }

    /** Whether there is a document to encode, and cross-attention over it. */
    public boolean hasEncoder() {
        return this != CAUSAL_LM;
    }
}
