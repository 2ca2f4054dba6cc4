package io.github.longwing.jobs.console;

import java.util.Arrays;

/** How much of an error is shown. */
public enum ErrorDetail {
    SENTENCE,
    STACK_TRACE;

    public static final String OPTION = "--verbose";

    /** Taken from the unparsed arguments, since it applies to errors of the other ones too. */
    public static ErrorDetail of(String... arguments) {
        return Arrays.asList(arguments).contains(OPTION) ? STACK_TRACE : SENTENCE;
    }
}
