package io.github.longwing.jobs;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a command runs.
 *
 * @param out for results
 * @param err for errors, settings and progress
 * @param terminal what {@code err} leads to
 * @param confDirectory the files that come before those in the jar; empty where there are none
 */
record Shell(PrintStream out, PrintStream err, Terminal terminal, Optional<Path> confDirectory) {
    private static final String CONF_DIRECTORY = "LONGWING_CONF_DIR";
    private static final String TERMINAL = "LONGWING_TERMINAL";

    /** How progress is shown. */
    enum Terminal {
        /** Somebody watches: one line that is written over. */
        INTERACTIVE,
        /** A file or a pipe: a line now and then. */
        PLAIN
    }

    /** The shell of this process, as {@code bin/longwing} describes it in the environment. */
    static Shell ofProcess() {
        return new Shell(
                System.out,
                System.err,
                "interactive".equals(System.getenv(TERMINAL)) ? Terminal.INTERACTIVE : Terminal.PLAIN,
                Optional.ofNullable(System.getenv(CONF_DIRECTORY)).map(Path::of));
    }

    PrintWriter writer() {
        return new PrintWriter(out, true, Charset.defaultCharset());
    }

    PrintWriter errorWriter() {
        return new PrintWriter(err, true, Charset.defaultCharset());
    }

    /** Tells of a failure. */
    void fail(String sentence, Throwable failure, Verbosity verbosity) {
        err.println(sentence);
        if (verbosity == Verbosity.STACK_TRACE) {
            failure.printStackTrace(err);
        }
    }
}
