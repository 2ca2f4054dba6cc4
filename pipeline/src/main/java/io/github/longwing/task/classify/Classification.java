package io.github.longwing.task.classify;

import io.github.longwing.task.Passage;
import java.util.List;
import java.util.Optional;

/**
 * The labels or values of a document.
 *
 * @param best empty for regression, and where no label of a multi-label model reaches the threshold
 * @param labels best first; as many as were asked for, none for regression
 * @param values the outputs of regression, in the order of the model; empty for labels
 * @param evidence best first; empty unless asked for
 */
public record Classification(
        Optional<LabelScore> best, List<LabelScore> labels, List<Double> values, List<Passage> evidence) {
    public Classification {
        labels = List.copyOf(labels);
        values = List.copyOf(values);
        evidence = List.copyOf(evidence);
    }
}
