package io.github.longwing.spark.options;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The models that the jar carries. */
public enum EmbeddedModel {
    /** Summaries, and states of its encoder. */
    SENTENCE_SUMMARIZER,
    /** Which of ten subjects a text for students is about. */
    OPENSTAX_SUBJECTS,
    /** Answers to questions about contracts. */
    CONTRACT_ANSWERS;

    /** Before the name in a location: {@code longwing:openstax-subjects}. */
    public static final String SCHEME = "longwing:";

    /** As users write it. */
    public String modelName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As {@code --model} takes it. */
    public String location() {
        return SCHEME + modelName();
    }

    /** The model of this location; empty for all that stand elsewhere. */
    public static Optional<EmbeddedModel> at(String location) {
        return Arrays.stream(values())
                .filter(model -> model.location().equals(location))
                .findFirst();
    }
}
