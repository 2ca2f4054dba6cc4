package io.github.longwing.spark.ml;

import org.apache.spark.ml.param.Param;

/**
 * Params of every stage: the model and what becomes of errors; a test compares them with the table of options.
 *
 * @param <T> the stage
 */
public interface RunParams<T> extends StageParams<T> {
    /** The option {@code model}. */
    default Param<String> model() {
        return stage().text("model");
    }

    /** Sets {@link #model}. */
    default T setModel(String value) {
        return with("model", value);
    }

    /** The option {@code random-blocks}. */
    default Param<String> randomBlocks() {
        return stage().text("random-blocks");
    }

    /** Sets {@link #randomBlocks}. */
    default T setRandomBlocks(String value) {
        return with("random-blocks", value);
    }

    /** The option {@code precision}. */
    default Param<String> precision() {
        return stage().text("precision");
    }

    /** Sets {@link #precision}. */
    default T setPrecision(String value) {
        return with("precision", value);
    }

    /** The option {@code on-error}. */
    default Param<String> onError() {
        return stage().text("on-error");
    }

    /** Sets {@link #onError}. */
    default T setOnError(String value) {
        return with("on-error", value);
    }

    /** The option {@code document-timeout}. */
    default Param<String> documentTimeout() {
        return stage().text("document-timeout");
    }

    /** Sets {@link #documentTimeout}. */
    default T setDocumentTimeout(String value) {
        return with("document-timeout", value);
    }
}
