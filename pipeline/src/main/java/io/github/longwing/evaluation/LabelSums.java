package io.github.longwing.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the sums lie of which accuracy, macro-F1 and calibration are made: a document adds a few numbers to an array,
 * and each figure is a function of the array of all.
 *
 * @param labels all that occur, in the order in which they are shown
 */
public record LabelSums(List<String> labels) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Equal bins of the probability from 0 to 1, for the expected calibration error. */
    public static final int BINS = 15;

    private static final int DOCUMENTS = 0;
    private static final int CORRECT = 1;
    private static final int BRIER = 2;
    private static final int WITH_BRIER = 3;
    private static final int WITH_PROBABILITY = 4;
    private static final int BIN = 5;
    private static final int OF_BIN = 3; // documents, probability, correct
    private static final int LABEL = BIN + BINS * OF_BIN;
    private static final int OF_LABEL = 3; // documents that have it, that are given it, both

    public LabelSums {
        labels = List.copyOf(labels);
    }

    /** Figures of one label. */
    public record OfLabel(String label, double precision, double recall, double f1, long documents) {}

    /** What documents with a probability in one range have: how sure and how right they are. */
    public record Bin(double from, double to, long documents, double probability, double accuracy) {}

    public int width() {
        return LABEL + OF_LABEL * labels.size();
    }

    /** The place of each label, for {@link #add}. */
    public Map<String, Integer> index() {
        return IntStream.range(0, labels.size()).boxed().collect(Collectors.toMap(labels::get, i -> i));
    }

    /**
     * Adds a document.
     *
     * @param given the label it is given, or -1 for none
     * @param probability of that label, or NaN
     * @param brier as {@link #brier} has it, or NaN
     */
    public void add(double[] sums, int label, int given, double probability, double brier) {
        boolean correct = label == given;
        sums[DOCUMENTS]++;
        sums[CORRECT] += correct ? 1 : 0;
        sums[LABEL + OF_LABEL * label]++;
        if (given >= 0) {
            sums[LABEL + OF_LABEL * given + 1]++;
            sums[LABEL + OF_LABEL * given + 2] += correct ? 1 : 0;
        }
        if (!Double.isNaN(brier)) {
            sums[BRIER] += brier;
            sums[WITH_BRIER]++;
        }
        if (!Double.isNaN(probability)) {
            int bin = BIN + OF_BIN * Math.max(0, Math.min(BINS - 1, (int) Math.ceil(probability * BINS) - 1));
            sums[WITH_PROBABILITY]++;
            sums[bin]++;
            sums[bin + 1] += probability;
            sums[bin + 2] += correct ? 1 : 0;
        }
    }

    /** The sum over labels of the squared difference between a probability and 1 for the right label, 0 for others. */
    public static double brier(Map<String, Double> probabilities, String label) {
        double sum = probabilities.containsKey(label) ? 0 : 1;
        for (Map.Entry<String, Double> entry : probabilities.entrySet()) {
            double wanted = entry.getKey().equals(label) ? 1 : 0;
            sum += (entry.getValue() - wanted) * (entry.getValue() - wanted);
        }
        return sum;
    }

    public double accuracy(double[] sums) {
        return sums[CORRECT] / sums[DOCUMENTS];
    }

    /** The mean F1 of the labels that documents have or are given. */
    public double macroF1(double[] sums) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < labels.size(); i++) {
            int at = LABEL + OF_LABEL * i;
            double either = sums[at] + sums[at + 1];
            if (either > 0) {
                sum += 2 * sums[at + 2] / either;
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    /** The mean difference between probability and accuracy over the bins, each with the weight of its documents. */
    public double calibrationError(double[] sums) {
        double error = 0;
        for (int bin = BIN; bin < LABEL; bin += OF_BIN) {
            error += Math.abs(sums[bin + 1] - sums[bin + 2]);
        }
        return error / sums[WITH_PROBABILITY];
    }

    /** NaN where no document has all its probabilities. */
    public double brier(double[] sums) {
        return sums[BRIER] / sums[WITH_BRIER];
    }

    public List<OfLabel> ofLabels(double[] sums) {
        List<OfLabel> figures = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            int at = LABEL + OF_LABEL * i;
            figures.add(new OfLabel(
                    labels.get(i),
                    ratio(sums[at + 2], sums[at + 1]),
                    ratio(sums[at + 2], sums[at]),
                    ratio(2 * sums[at + 2], sums[at] + sums[at + 1]),
                    (long) sums[at]));
        }
        return figures;
    }

    /** The bins that have documents. */
    public List<Bin> bins(double[] sums) {
        List<Bin> bins = new ArrayList<>();
        for (int i = 0; i < BINS; i++) {
            int at = BIN + OF_BIN * i;
            if (sums[at] > 0) {
                bins.add(new Bin(
                        (double) i / BINS,
                        (double) (i + 1) / BINS,
                        (long) sums[at],
                        sums[at + 1] / sums[at],
                        sums[at + 2] / sums[at]));
            }
        }
        return bins;
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
