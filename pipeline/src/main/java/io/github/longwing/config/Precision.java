package io.github.longwing.config;

import java.util.Locale;

/** The arithmetic of the large matrix products. */
public enum Precision {
    FLOAT32,
    INT8;

    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
