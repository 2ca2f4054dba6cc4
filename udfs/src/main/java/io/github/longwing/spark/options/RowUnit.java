package io.github.longwing.spark.options;

import java.util.Locale;

/** What one row of a result stands for. */
public enum RowUnit {
    DOCUMENT,
    /** One of the questions about a document. */
    QUESTION;

    /** The word for it in messages. */
    public String noun() {
        return name().toLowerCase(Locale.ROOT);
    }
}
