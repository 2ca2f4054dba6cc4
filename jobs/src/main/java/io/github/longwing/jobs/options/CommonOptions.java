package io.github.longwing.jobs.options;

import io.github.longwing.jobs.console.ErrorDetail;
import picocli.CommandLine.Option;

/** What every command understands. picocli acts on help by itself, and {@link ErrorDetail} looks at the bare arguments. */
@SuppressWarnings("UnusedVariable")
public final class CommonOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 1000,
            description = "Show this help and exit.")
    private boolean help;

    @Option(names = ErrorDetail.OPTION, order = 1001, description = "Show the stack trace of an error.")
    private boolean verbose;
}
