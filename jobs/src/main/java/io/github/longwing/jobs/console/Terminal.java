package io.github.longwing.jobs.console;

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
 * @param progressStyle what {@code err} leads to
 * @param confDirectory the files that come before those in the jar; empty where there are none
 */
public record Terminal(PrintStream out, PrintStream err, ProgressStyle progressStyle, Optional<Path> confDirectory) {
    private static final String CONF_DIRECTORY = "LONGWING_CONF_DIR";
    private static final String TERMINAL = "LONGWING_TERMINAL";

    /** How progress is shown. */
    public enum ProgressStyle {
        /** Somebody watches: one line that is written over. */
        INTERACTIVE,
        /** A file or a pipe: a line now and then. */
        PLAIN
    }

    /** The terminal of this process, as {@code bin/longwing} describes it in the environment. */
    public static Terminal ofProcess() {
        return new Terminal(
                System.out,
                System.err,
                "interactive".equals(System.getenv(TERMINAL)) ? ProgressStyle.INTERACTIVE : ProgressStyle.PLAIN,
                Optional.ofNullable(System.getenv(CONF_DIRECTORY)).map(Path::of));
    }

    public PrintWriter writer() {
        return new PrintWriter(out, true, Charset.defaultCharset());
    }

    public PrintWriter errorWriter() {
        return new PrintWriter(err, true, Charset.defaultCharset());
    }

    /** Tells of a failure. */
    public void fail(String sentence, Throwable failure, ErrorDetail errorDetail) {
        err.println(sentence);
        if (errorDetail == ErrorDetail.STACK_TRACE) {
            failure.printStackTrace(err);
        }
    }
}
