package io.github.longwing.jobs.console;

import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.progress.JobTotals;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Shows the progress of a job: on a terminal one line that is overwritten, elsewhere a line every ten seconds. For one
 * thread.
 */
public final class ProgressDisplay {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final String START_OF_LINE = "\r";
    /** The escape sequence that clears the rest of the line. */
    private static final String CLEAR = "\u001B[K";

    private final Terminal terminal;
    private final Verbosity verbosity;
    private final RowUnit unit;
    private final OptionalLong all;
    private Duration lastLine = Duration.ZERO;

    public ProgressDisplay(Terminal terminal, Verbosity verbosity, RowUnit unit, OptionalLong all) {
        this.terminal = terminal;
        this.verbosity = verbosity;
        this.unit = unit;
        this.all = all;
    }

    public void show(JobTotals totals, Duration elapsed) {
        if (verbosity == Verbosity.QUIET) {
            return;
        }
        String line = ProgressLine.underWay(totals, unit, all, elapsed);
        switch (terminal.progressStyle()) {
            case INTERACTIVE -> {
                terminal.err().print(START_OF_LINE + line + CLEAR);
                terminal.err().flush();
            }
            case PLAIN -> {
                if (elapsed.minus(lastLine).compareTo(BETWEEN_LINES) >= 0) {
                    lastLine = elapsed;
                    terminal.err().println(line);
                }
            }
        }
    }

    /** Clears the line of an interactive terminal. */
    public void end() {
        if (verbosity == Verbosity.NORMAL && terminal.progressStyle() == Terminal.ProgressStyle.INTERACTIVE) {
            terminal.err().print(START_OF_LINE + CLEAR);
            terminal.err().flush();
        }
    }
}
