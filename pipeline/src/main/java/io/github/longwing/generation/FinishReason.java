package io.github.longwing.generation;

import java.util.Locale;

/** Why a sequence ended. */
public enum FinishReason {
    /** An eos token, also one forced at the limit. */
    EOS,
    /** The limit of tokens. */
    LENGTH;

    /** The value of the column {@code finish_reason}. */
    public String columnValue() {
        return name().toLowerCase(Locale.ROOT);
    }
}
