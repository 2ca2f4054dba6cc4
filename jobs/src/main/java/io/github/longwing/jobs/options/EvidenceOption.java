package io.github.longwing.jobs.options;

import picocli.CommandLine.Option;

/** {@code --evidence}, for tasks that can name what carried their output. */
public final class EvidenceOption {
    @Option(
            names = "--evidence",
            paramLabel = "N",
            defaultValue = "0",
            description = {
                "Name so many passages of the document that carried the output, in a column evidence.",
                "Default: ${DEFAULT-VALUE}, which costs nothing."
            })
    private int evidence;

    /** How many passages, at least 0. */
    public int passages() {
        return OptionRange.atLeast("--evidence", evidence, 0);
    }
}
