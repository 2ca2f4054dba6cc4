package io.github.longwing.evaluation;

/**
 * The threshold at which the mean score of answers is best, found in one pass over questions in ascending order of how
 * much likelier no answer is than the best one. An answer is given where that is at most the threshold. Needs constant
 * memory. Not thread-safe.
 */
public final class NoAnswerThreshold {
    private double sum;
    private double last = Double.NEGATIVE_INFINITY;
    private double best;
    private double threshold = Double.NEGATIVE_INFINITY;

    /**
     * Before the first question.
     *
     * @param unanswerable how many questions have no answer: the sum of scores where none is ever given
     */
    public NoAnswerThreshold(long unanswerable) {
        this.sum = unanswerable;
        this.best = unanswerable;
    }

    /**
     * Takes the next question.
     *
     * @param margin the score of no answer less that of the best one, at least that of the question before
     * @param score of the best answer, given where the question is answerable
     */
    public void add(double margin, double score, boolean answerable) {
        if (margin < last) {
            throw new IllegalArgumentException("Margins descend from " + last + " to " + margin);
        }
        if (margin > last) {
            keep();
        }
        last = margin;
        sum += answerable ? score : -1;
    }

    private void keep() {
        if (sum > best) {
            best = sum;
            threshold = last;
        }
    }

    /** The sum of scores at the best threshold. */
    public double best() {
        keep();
        return best;
    }

    /** The smallest best threshold; minus infinity where it is best never to answer. */
    public double threshold() {
        keep();
        return threshold;
    }
}
