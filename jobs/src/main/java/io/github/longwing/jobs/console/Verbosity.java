package io.github.longwing.jobs.console;

/** How much is printed while a job runs. */
public enum Verbosity {
    NORMAL,
    /** Only the closing summary. */
    QUIET
}
