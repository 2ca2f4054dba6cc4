package io.github.longwing.config;

import java.util.Locale;

/** When beam search may end before its limit; the names are the values of {@code early_stopping}. */
public enum EarlyStopping {
    /** As soon as there are as many finished sequences as beams. */
    TRUE,
    /** When a better sequence is very unlikely, judged by the present length. */
    FALSE,
    /** Only when there can be no better sequence. */
    NEVER;

    /** The value in generation_config.json, such as {@code never}. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
