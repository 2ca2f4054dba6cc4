package io.github.longwing.jobs.console;

/** The exit statuses of commands. */
public enum ExitStatus {
    /** Success, error rows included. */
    OK(0),
    /** The job failed. */
    FAILED(1),
    /** The command line, configuration, input path or columns are wrong; nothing was run. */
    USAGE(2);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
