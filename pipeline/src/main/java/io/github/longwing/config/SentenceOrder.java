package io.github.longwing.config;

import java.util.Locale;

/** The order of the sentences of an extractive summary. */
public enum SentenceOrder {
    /** As in the document. */
    DOCUMENT,
    /** As the model writes them. */
    MODEL;

    /** The value in files and on the command line. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
