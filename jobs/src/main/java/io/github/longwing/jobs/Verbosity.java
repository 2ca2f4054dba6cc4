package io.github.longwing.jobs;

import java.util.Arrays;

/** How much of an error is shown. */
enum Verbosity {
    SENTENCE,
    STACK_TRACE;

    static final String OPTION = "--verbose";

    /** Taken from the bare arguments, since errors in the others are shown by it too. */
    static Verbosity of(String... arguments) {
        return Arrays.asList(arguments).contains(OPTION) ? STACK_TRACE : SENTENCE;
    }
}
