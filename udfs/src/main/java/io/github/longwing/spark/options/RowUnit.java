package io.github.longwing.spark.options;

import java.util.Locale;

/** What each row of a result is about. */
public enum RowUnit {
    DOCUMENT,
    /** One of the questions that a document comes with. */
    QUESTION;

    /** As a word. */
    public String noun() {
        return name().toLowerCase(Locale.ROOT);
    }
}
