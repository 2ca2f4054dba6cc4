package io.github.longwing.jobs.options;

import io.github.longwing.error.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code longwing evaluate} beside those of the job. */
public final class EvaluationOptions {
    private static final int MAX_SAMPLES = 10_000;

    @Option(
            names = "--reference-column",
            paramLabel = "NAME",
            required = true,
            description = {
                "The column of the input that says what is right: a summary, a label, or answers (array<string>, string,",
                "or as SQuAD has them). A null is no reference; an empty list of answers says that there is none."
            })
    private String referenceColumn;

    @Option(
            names = "--against-output",
            paramLabel = "OUT",
            description = {
                "Evaluate this output of an earlier run, a path or a table, joined by id; no model is run.",
                "Default: run the job and evaluate what it writes."
            })
    private String againstOutput;

    @Option(
            names = "--compare",
            paramLabel = "OUT",
            description = "Another output for the same documents, compared document by document.")
    private String compare;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
    private Path report;

    @Option(
            names = "--scores",
            paramLabel = "DIR",
            description = "Write the scores of each document as Parquet, to a new directory.")
    private String scores;

    @Option(
            names = "--train-input",
            paramLabel = "PATH",
            description = {
                "Labelled documents in the columns and the format of the input, to train the baseline of classify on.",
                "May be given several times."
            })
    private List<String> trainInput = List.of();

    @Option(
            names = "--baseline-words",
            paramLabel = "N",
            defaultValue = "100",
            description = "How long the summaries of the baselines are. Default: ${DEFAULT-VALUE}.")
    private int baselineWords;

    @Option(
            names = "--bootstrap",
            paramLabel = "N",
            defaultValue = "1000",
            description = "The samples that intervals are made of; 0 for none. Default: ${DEFAULT-VALUE}.")
    private int bootstrap;

    @Option(
            names = "--bootstrap-seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "The seed of the samples. Default: ${DEFAULT-VALUE}.")
    private long bootstrapSeed;

    /** Refuses what cannot be, before anything is started. */
    public void check(String task) {
        OptionRange.atLeast("--baseline-words", baselineWords, 1);
        OptionRange.atLeast("--bootstrap", bootstrap, 0);
        if (bootstrap > MAX_SAMPLES) {
            throw new UserException(
                    "Cannot use --bootstrap: it is " + bootstrap + ", expected a whole number up to " + MAX_SAMPLES);
        }
        if (!trainInput.isEmpty() && !task.equals("classify")) {
            throw new UserException(
                    "Cannot use --train-input to evaluate " + task + ": expected it for classify only; leave it out");
        }
        if (report != null
                && (Files.isDirectory(report)
                        || !Files.isDirectory(report.toAbsolutePath().getParent()))) {
            throw new UserException("Cannot write --report " + report + ": "
                    + (Files.isDirectory(report) ? "it is a directory" : "its directory does not exist")
                    + ", expected a file in a directory that exists");
        }
    }

    public String referenceColumn() {
        return referenceColumn;
    }

    public Optional<String> againstOutput() {
        return Optional.ofNullable(againstOutput);
    }

    public Optional<String> compare() {
        return Optional.ofNullable(compare);
    }

    public Optional<Path> report() {
        return Optional.ofNullable(report);
    }

    public Optional<String> scores() {
        return Optional.ofNullable(scores);
    }

    public List<String> trainInput() {
        return trainInput;
    }

    public int baselineWords() {
        return baselineWords;
    }

    public int bootstrap() {
        return bootstrap;
    }

    public long bootstrapSeed() {
        return bootstrapSeed;
    }
}
