package io.github.longwing.config;

/** What the logits of a classifier mean; the names are those of config.json's {@code problem_type}. */
public enum ProblemType {
    /** One label is right: softmax over all. */
    SINGLE_LABEL("single_label_classification"),
    /** Each label is right or not: a sigmoid for each. */
    MULTI_LABEL("multi_label_classification"),
    /** Each logit is the number itself. */
    REGRESSION("regression");

    private final String configName;

    ProblemType(String configName) {
        this.configName = configName;
    }

    /** The name in config.json, such as {@code regression}. */
    public String configName() {
        return configName;
    }
}
