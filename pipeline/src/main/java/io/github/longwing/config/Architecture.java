package io.github.longwing.config;

/** The classes of the model family, by the name that config.json gives in {@code architectures}. */
public enum Architecture {
    CONDITIONAL_GENERATION("BigBirdPegasusForConditionalGeneration", Int8Layers.ALL),
    SEQUENCE_CLASSIFICATION("BigBirdPegasusForSequenceClassification", Int8Layers.DECODER_FEED_FORWARD),
    QUESTION_ANSWERING("BigBirdPegasusForQuestionAnswering", Int8Layers.FEED_FORWARD),
    CAUSAL_LM("BigBirdPegasusForCausalLM", Int8Layers.ALL),
    BASE("BigBirdPegasusModel", Int8Layers.FEED_FORWARD);

    private final String configName;
    private final Int8Layers int8Layers;

    Architecture(String configName, Int8Layers int8Layers) {
        this.configName = configName;
        this.int8Layers = int8Layers;
    }

    /**
     * The linear layers that multiply in eight bits where int8 is asked for.
     *
     * <p>All of them where text is generated. A label depends on one hidden state after both sides, and an error of the
     * encoder goes through all of the decoder: with eight bits everywhere the logits of small random classifiers were
     * off by 0.07 (relative), with those of feed-forward layers alone by 0.06, beyond the 0.05 that verify allows; with
     * those of the decoder alone they are within it. Answers and hidden states stay within it with the feed-forward
     * layers of both sides.
     */
    public enum Int8Layers {
        ALL,
        FEED_FORWARD,
        DECODER_FEED_FORWARD
    }

    public String configName() {
        return configName;
    }

    public Int8Layers int8Layers() {
        return int8Layers;
    }

    /** Whether there is a document to encode, and cross-attention over it. */
    public boolean hasEncoder() {
        return this != CAUSAL_LM;
    }
}
