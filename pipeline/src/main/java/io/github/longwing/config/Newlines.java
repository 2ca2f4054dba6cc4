package io.github.longwing.config;

import java.util.Locale;

/** What becomes of the piece {@code <n>} in generated text. */
public enum Newlines {
    /** It becomes a line break. */
    NEWLINE,
    /** It becomes a space. */
    SPACE,
    /** It stays as it is. */
    KEEP;

    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
