package io.github.longwing.jobs.run;

import io.github.longwing.jobs.console.ExitStatus;

/**
 * How a pass over the input ended.
 *
 * @param standing of the output, as the end of a sentence
 */
record PassEnd(ExitStatus status, Kind kind, String standing) {
    enum Kind {
        /** All of the input is done. */
        COMPLETE,
        /** By a signal or by the clock, before all was done. */
        STOPPED
    }
}
