package io.github.longwing.task.classify;

import io.github.longwing.config.Labels;
import io.github.longwing.config.ProblemType;
import io.github.longwing.error.DocumentException;
import io.github.longwing.task.Pooling;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * From the logits of a document's windows to its labels. Windows are pooled as probabilities, or as values for a
 * regression. Immutable.
 */
final class LabelDecision {
    private final Labels labels;
    private final ClassifierOptions options;

    LabelDecision(Labels labels, ClassifierOptions options) {
        this.labels = labels;
        this.options = options;
    }

    /**
     * What a document is.
     *
     * @param logits of each window, [labels]
     * @param shares how much of the document each window is, together 1
     * @throws DocumentException if a logit is no finite number
     */
    Classification of(List<float[]> logits, double[] shares) {
        double[] pooled = pooled(logits, shares);
        if (labels.problemType() == ProblemType.REGRESSION) {
            return new Classification(
                    Optional.empty(), List.of(), Arrays.stream(pooled).boxed().toList(), List.of());
        }
        List<LabelScore> ranked = IntStream.range(0, pooled.length)
                .mapToObj(i -> new LabelScore(labels.names().get(i), pooled[i]))
                .sorted(Comparator.comparingDouble(LabelScore::probability).reversed())
                .toList();
        Optional<LabelScore> best = holding(ranked.stream()).findFirst();
        Stream<LabelScore> listed = options.topK() == ClassifierOptions.ALL_LABELS
                ? holding(ranked.stream())
                : ranked.stream().limit(options.topK());
        return new Classification(best, listed.toList(), List.of(), List.of());
    }

    /** How much each window decided, together 1: its share, or all for the one whose maximum it was. */
    double[] parts(List<float[]> logits, double[] shares) {
        return switch (options.pooling()) {
            case MEAN -> shares;
            case MAX -> {
                List<double[]> outputs = logits.stream().map(this::output).toList();
                double[] pooled = pooled(logits, shares);
                int best = indexOfLargest(pooled);
                double[] ofWindows = outputs.stream().mapToDouble(o -> o[best]).toArray();
                double[] parts = new double[shares.length];
                parts[indexOfLargest(ofWindows)] = 1;
                yield parts;
            }
        };
    }

    /** All labels of a model that chooses one; those over the threshold where several may hold. */
    private Stream<LabelScore> holding(Stream<LabelScore> ranked) {
        return labels.problemType() == ProblemType.MULTI_LABEL
                ? ranked.filter(label -> label.probability() >= options.threshold())
                : ranked;
    }

    private double[] pooled(List<float[]> logits, double[] shares) {
        double[] pooled = new double[labels.names().size()];
        if (options.pooling() == Pooling.MAX) {
            Arrays.fill(pooled, Double.NEGATIVE_INFINITY);
        }
        for (int w = 0; w < shares.length; w++) {
            double[] output = output(logits.get(w));
            for (int i = 0; i < pooled.length; i++) {
                pooled[i] = switch (options.pooling()) {
                    case MEAN -> pooled[i] + shares[w] * output[i];
                    case MAX -> Math.max(pooled[i], output[i]);
                };
            }
        }
        return pooled;
    }

    private double[] output(float[] logits) {
        double[] values = new double[logits.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = logits[i];
            if (!Double.isFinite(values[i])) {
                throw new DocumentException(
                        DocumentException.Kind.NonFiniteOutput,
                        "Cannot classify: the logit of " + labels.names().get(i) + " is " + values[i]
                                + ", expected a finite number");
            }
        }
        return switch (labels.problemType()) {
            case REGRESSION -> values;
            case MULTI_LABEL ->
                Arrays.stream(values).map(v -> 1 / (1 + Math.exp(-v))).toArray();
            case SINGLE_LABEL -> softmax(values);
        };
    }

    private static double[] softmax(double[] values) {
        double largest = DoubleStream.of(values).max().orElseThrow();
        double[] powers = Arrays.stream(values).map(v -> Math.exp(v - largest)).toArray();
        double sum = DoubleStream.of(powers).sum();
        return Arrays.stream(powers).map(p -> p / sum).toArray();
    }

    private static int indexOfLargest(double[] values) {
        return IntStream.range(0, values.length)
                .reduce((a, b) -> values[b] > values[a] ? b : a)
                .orElseThrow();
    }
}
