package io.github.longwing.config;

/** The classes of the model family, by the name that config.json gives in {@code architectures}. */
public enum Architecture {
    CONDITIONAL_GENERATION("BigBirdPegasusForConditionalGeneration"),
    SEQUENCE_CLASSIFICATION("BigBirdPegasusForSequenceClassification"),
    QUESTION_ANSWERING("BigBirdPegasusForQuestionAnswering"),
    CAUSAL_LM("BigBirdPegasusForCausalLM"),
    BASE("BigBirdPegasusModel");

    private final String configName;

    Architecture(String configName) {
        this.configName = configName;
    }

    public String configName() {
        return configName;
    }

    /** Whether there is a document to encode, and cross-attention over it. */
    public boolean hasEncoder() {
        return this != CAUSAL_LM;
    }
}
