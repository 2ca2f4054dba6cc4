package io.github.longwing.task.embed;

import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import java.io.Serializable;
import java.util.Objects;

/** How documents are embedded. */
public record EmbedderOptions(WindowOptions reading, StatePooling pooling, Norm norm) implements Serializable {

    /** Documents of any length, the mean of their states as it is. */
    public static EmbedderOptions standard() {
        return new EmbedderOptions(WindowOptions.of(LongDocuments.WINDOWS), StatePooling.MEAN, Norm.AS_IS);
    }

    public EmbedderOptions {
        Objects.requireNonNull(reading, "reading");
        Objects.requireNonNull(pooling, "pooling");
        Objects.requireNonNull(norm, "norm");
    }

    /** How the hidden states of a window's tokens are combined. */
    public enum StatePooling {
        /** Their mean, the eos among them. */
        MEAN,
        /** The state of the eos. */
        EOS
    }

    /** Whether the vector is normalized. */
    public enum Norm {
        AS_IS,
        /** The vector has length 1. */
        UNIT
    }
}
