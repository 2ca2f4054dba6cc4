package io.github.longwing.jobs;

import io.github.longwing.spark.JobTotals;
import io.github.longwing.spark.RowUnit;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Shows how far a job is: on a terminal one line that is written over, elsewhere a line when ten seconds have passed.
 * For one thread.
 */
final class ProgressDisplay {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final String START_OF_LINE = "\r";
    /** The terminal's order to clear the rest of the line. */
    private static final String CLEAR = "\u001B[K";

    private final Shell shell;
    private final JobOptions.Chatter chatter;
    private final RowUnit unit;
    private final OptionalLong all;
    private Duration lastLine = Duration.ZERO;

    ProgressDisplay(Shell shell, JobOptions.Chatter chatter, RowUnit unit, OptionalLong all) {
        this.shell = shell;
        this.chatter = chatter;
        this.unit = unit;
        this.all = all;
    }

    void show(JobTotals totals, Duration elapsed) {
        if (chatter == JobOptions.Chatter.QUIET) {
            return;
        }
        String line = ProgressLine.underWay(totals, unit, all, elapsed);
        switch (shell.terminal()) {
            case INTERACTIVE -> {
                shell.err().print(START_OF_LINE + line + CLEAR);
                shell.err().flush();
            }
            case PLAIN -> {
                if (elapsed.minus(lastLine).compareTo(BETWEEN_LINES) >= 0) {
                    lastLine = elapsed;
                    shell.err().println(line);
                }
            }
        }
    }

    /** Leaves the terminal with a clean line. */
    void end() {
        if (chatter == JobOptions.Chatter.USUAL && shell.terminal() == Shell.Terminal.INTERACTIVE) {
            shell.err().print(START_OF_LINE + CLEAR);
            shell.err().flush();
        }
    }
}
