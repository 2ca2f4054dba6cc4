package io.github.longwing.jobs.console;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The streams and the environment of a command.
 *
 * @param out for results
 * @param err for errors, options and progress
 * @param progressStyle how {@code err} shows progress
 * @param confDirectory the directory of option files that replace those in the jar; empty if there is none
 */
public record Terminal(PrintStream out, PrintStream err, ProgressStyle progressStyle, Optional<Path> confDirectory) {
    private static final String CONF_DIRECTORY = "LONGWING_CONF_DIR";
    private static final String COLUMNS = "COLUMNS";
    private static final String TERMINAL = "LONGWING_TERMINAL";

    /** How progress is shown. */
    public enum ProgressStyle {
        /** A person watches: one line that is overwritten. */
        INTERACTIVE,
        /** A file or a pipe: a line from time to time. */
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

    /** How wide the terminal is, as {@code bin/longwing} or the shell says. */
    public static OptionalInt columns() {
        try {
            String columns = System.getenv(COLUMNS);
            return columns == null || columns.isBlank()
                    ? OptionalInt.empty()
                    : OptionalInt.of(Integer.parseInt(columns.strip()));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    public PrintWriter writer() {
        return new PrintWriter(out, true, Charset.defaultCharset());
    }

    public PrintWriter errorWriter() {
        return new PrintWriter(err, true, Charset.defaultCharset());
    }

    /** Reports a failure. */
    public void fail(String sentence, Throwable failure, ErrorDetail errorDetail) {
        err.println(sentence);
        if (errorDetail == ErrorDetail.STACK_TRACE) {
            failure.printStackTrace(err);
        }
    }
}
