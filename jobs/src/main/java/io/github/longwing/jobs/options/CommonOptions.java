package io.github.longwing.jobs.options;

import io.github.longwing.jobs.console.ErrorDetail;
import picocli.CommandLine.Option;

/** The options of every command. picocli handles help itself, and {@link ErrorDetail} reads the unparsed arguments. */
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
