package io.github.longwing.jobs;

/** What a command tells the shell when it ends. */
enum ExitStatus {
    /** All went well, error rows included. */
    OK(0),
    /** The job failed. */
    FAILED(1),
    /** The command line, configuration, input path or columns are wrong; nothing was run. */
    USAGE(2);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
