package io.github.longwing.spark.options;

import java.util.Locale;

/** What happens to a document that cannot be processed; named after the modes of Spark's readers. */
public enum ErrorPolicy {
    /** It becomes a row with an {@code error}. */
    PERMISSIVE,
    /** It fails the job; the error names the document. */
    FAILFAST,
    /** It is left out of the result, but counted. */
    DROPMALFORMED;

    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
