package io.github.longwing.task;

import static io.github.longwing.config.GenerationOption.DO_SAMPLE;

import io.github.longwing.config.GenerationConfig;

/** What the result of a document depends on, besides the model and the options. */
public enum ResultBasis {
    /** The text, and the question if there is one: equal texts have equal results. */
    TEXT,
    /** Also the id, by which samples are drawn. */
    TEXT_AND_ID;

    /** Of a task that generates text with these options. */
    public static ResultBasis of(GenerationConfig generation) {
        return generation.get(DO_SAMPLE) ? TEXT_AND_ID : TEXT;
    }
}
