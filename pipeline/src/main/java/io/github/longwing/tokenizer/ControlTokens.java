package io.github.longwing.tokenizer;

/** What a control token means that is spelled out in a document, such as {@code </s>} or {@code <mask_1>}. */
public enum ControlTokens {
    /** Text like any other: no document can end itself or steer the model. */
    AS_TEXT,
    /** The control token itself, as transformers reads it. */
    AS_TOKENS
}
