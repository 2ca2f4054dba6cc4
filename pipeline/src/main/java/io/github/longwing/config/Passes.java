package io.github.longwing.config;

/** What a model computes for the tokens of a window. */
public enum Passes {
    ENCODER,
    ENCODER_AND_STEPS,
    /** The decoder reads the whole window, too. */
    ENCODER_AND_DECODER,
    /** A decoder without encoder reads the prompt and continues it. */
    PROMPT_AND_STEPS;

    public boolean hasEncoder() {
        return this != PROMPT_AND_STEPS;
    }

    public boolean readsWithDecoder() {
        return this == ENCODER_AND_DECODER || this == PROMPT_AND_STEPS;
    }

    /** Whether text is generated, token by token. */
    public boolean hasSteps() {
        return this == ENCODER_AND_STEPS || this == PROMPT_AND_STEPS;
    }
}
