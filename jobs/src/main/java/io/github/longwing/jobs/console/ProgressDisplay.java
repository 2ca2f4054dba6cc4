package io.github.longwing.jobs.console;

import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.progress.InFlight;
import io.github.longwing.spark.progress.JobTotals;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntSupplier;

/**
 * Shows the progress of a job: on a terminal one line that is overwritten, elsewhere a line every minute with the time and
 * the run. For one thread.
 */
public final class ProgressDisplay {
    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int DEFAULT_COLUMNS = 80;
    private static final String START_OF_LINE = "\r";
    /** The escape sequence that clears the rest of the line. */
    private static final String CLEAR = "\u001B[K";

    private final Terminal terminal;
    private final Verbosity verbosity;
    private final RowUnit unit;
    private final OptionalLong all;
    private final Optional<String> run;

    /** Null where the output takes all rows at once. */
    private IntSupplier slices;

    private Duration lastLine = Duration.ZERO;

    /**
     * Of one run.
     *
     * @param all documents that there will be, where that is known
     * @param run its id, if it has one
     */
    public ProgressDisplay(
            Terminal terminal, Verbosity verbosity, RowUnit unit, OptionalLong all, Optional<String> run) {
        this.terminal = terminal;
        this.verbosity = verbosity;
        this.unit = unit;
        this.all = all;
        this.run = run;
    }

    /** Where the output takes slices: says how many it has, to any thread. */
    public void followSlices(IntSupplier committed) {
        slices = committed;
    }

    /**
     * Shows how far the job is.
     *
     * @param oldest document under way
     */
    public void show(JobTotals totals, Optional<InFlight> oldest, Duration elapsed) {
        if (verbosity == Verbosity.QUIET) {
            return;
        }
        OptionalInt committed = slices == null ? OptionalInt.empty() : OptionalInt.of(slices.getAsInt());
        String line = ProgressLine.underWay(new ProgressLine.Heartbeat(totals, all, committed, oldest, elapsed), unit);
        switch (terminal.progressStyle()) {
            case INTERACTIVE -> {
                int columns = Terminal.columns().orElse(DEFAULT_COLUMNS);
                terminal.err().print(START_OF_LINE + ProgressLine.within(line, columns - 1) + CLEAR);
                terminal.err().flush();
            }
            case PLAIN -> {
                if (elapsed.minus(lastLine).compareTo(BETWEEN_LINES) >= 0) {
                    lastLine = elapsed;
                    terminal.err()
                            .println(CLOCK.format(LocalTime.now(ZoneId.systemDefault())) + " "
                                    + run.map(id -> id + " ").orElse("") + line);
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
