package io.github.longwing.spark.ml;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * Params of stages that read documents of any length; a test compares them with the table of options.
 *
 * @param <T> the stage
 */
public interface WindowParams<T> extends StageParams<T> {
    /** The option {@code max-source-tokens}. */
    default IntParam maxSourceTokens() {
        return stage().integer("max-source-tokens");
    }

    /** Sets {@link #maxSourceTokens}. */
    default T setMaxSourceTokens(int value) {
        return with("max-source-tokens", value);
    }

    /** The option {@code long-documents}. */
    default Param<String> longDocuments() {
        return stage().text("long-documents");
    }

    /** Sets {@link #longDocuments}. */
    default T setLongDocuments(String value) {
        return with("long-documents", value);
    }

    /** The option {@code window-overlap}. */
    default IntParam windowOverlap() {
        return stage().integer("window-overlap");
    }

    /** Sets {@link #windowOverlap}. */
    default T setWindowOverlap(int value) {
        return with("window-overlap", value);
    }

    /** The option {@code locale}. */
    default Param<String> locale() {
        return stage().text("locale");
    }

    /** Sets {@link #locale}. */
    default T setLocale(String value) {
        return with("locale", value);
    }
}
