package io.github.longwing.spark.options;

/** What becomes of documents whose fingerprints are equal: the same text, and the same question. */
public enum EqualTexts {
    /** Each is computed. */
    EACH,
    /** Those that come one after the other are computed once; each has a row of its own. */
    ONCE
}
