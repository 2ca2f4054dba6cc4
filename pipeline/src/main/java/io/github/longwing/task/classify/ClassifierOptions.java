package io.github.longwing.task.classify;

import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.Pooling;
import io.github.longwing.task.WindowOptions;
import java.io.Serializable;
import java.util.Objects;

/**
 * How documents are classified.
 *
 * @param pooling of the probabilities of windows
 * @param topK labels in the list, {@link #ALL_LABELS} for all; of a multi-label model without it, those over the threshold
 * @param threshold minimum probability of a label of a multi-label model
 * @param evidence passages to name, 0 for none
 */
public record ClassifierOptions(WindowOptions reading, Pooling pooling, int topK, double threshold, int evidence)
        implements Serializable {
    public static final int ALL_LABELS = 0;

    public static final double DEFAULT_THRESHOLD = 0.5;

    /** Documents of any length, all labels, no evidence. */
    public static ClassifierOptions standard() {
        return new ClassifierOptions(
                WindowOptions.of(LongDocuments.WINDOWS), Pooling.MEAN, ALL_LABELS, DEFAULT_THRESHOLD, 0);
    }

    public ClassifierOptions {
        Objects.requireNonNull(reading, "reading");
        Objects.requireNonNull(pooling, "pooling");
        if (topK < 0) {
            throw new IllegalArgumentException("topK is " + topK + ", expected at least 1, or 0 for all labels");
        }
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold is " + threshold + ", expected 0 to 1");
        }
        if (evidence < 0) {
            throw new IllegalArgumentException("evidence is " + evidence + ", expected at least 0");
        }
    }
}
