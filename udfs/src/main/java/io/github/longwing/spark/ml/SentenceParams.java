package io.github.longwing.spark.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * Params of extractive summaries; a test compares them with the table of options.
 *
 * @param <T> the stage
 */
public interface SentenceParams<T> extends StageParams<T> {
    /** The option {@code extractive}. */
    default BooleanParam extractive() {
        return stage().flag("extractive");
    }

    /** Sets {@link #extractive}. */
    default T setExtractive(boolean value) {
        return with("extractive", value);
    }

    /** The option {@code sentence-order}. */
    default Param<String> sentenceOrder() {
        return stage().text("sentence-order");
    }

    /** Sets {@link #sentenceOrder}. */
    default T setSentenceOrder(String value) {
        return with("sentence-order", value);
    }

    /** The option {@code max-sentences}. */
    default IntParam maxSentences() {
        return stage().integer("max-sentences");
    }

    /** Sets {@link #maxSentences}. */
    default T setMaxSentences(int value) {
        return with("max-sentences", value);
    }

    /** The option {@code sentence-prior}. */
    default DoubleParam sentencePrior() {
        return stage().number("sentence-prior");
    }

    /** Sets {@link #sentencePrior}. */
    default T setSentencePrior(double value) {
        return with("sentence-prior", value);
    }

    /** The option {@code sentence-head}. */
    default DoubleParam sentenceHead() {
        return stage().number("sentence-head");
    }

    /** Sets {@link #sentenceHead}. */
    default T setSentenceHead(double value) {
        return with("sentence-head", value);
    }
}
