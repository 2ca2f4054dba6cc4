package io.github.longwing.model;

import io.github.longwing.config.Passes;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The graphs that models of the family are made of; each architecture has some of them. */
public enum Graph {
    /** Tokens of a document to hidden states. */
    ENCODER,
    /** Hidden states to the keys and values that every step of the decoder attends to. */
    CROSS_ATTENTION,
    /** One step of the decoder for the rows of several documents: logits and their log-softmax. */
    DECODER,
    /** The decoder over a whole document, and what the architecture makes of it. */
    HEAD,
    /** A prompt to the keys and values that every step of a decoder without encoder attends to. */
    PROMPT,
    /** How much an output attended to each source token. */
    EVIDENCE;

    /** Those that a task may run which computes this. */
    public static Set<Graph> neededBy(Passes passes) {
        return passes == Passes.ENCODER ? EnumSet.of(ENCODER) : EnumSet.allOf(Graph.class);
    }

    /** The name in a model directory, such as {@code cross_attention}. */
    public String graphName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
