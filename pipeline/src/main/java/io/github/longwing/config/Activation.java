package io.github.longwing.config;

/** The activation between fc1 and fc2. */
public enum Activation {
    /** Gelu in its tanh form. */
    GELU_NEW("gelu_new"),
    /** Gelu through the error function. */
    GELU("gelu"),
    RELU("relu"),
    SILU("silu");

    private final String configName;

    Activation(String configName) {
        this.configName = configName;
    }

    public String configName() {
        return configName;
    }
}
