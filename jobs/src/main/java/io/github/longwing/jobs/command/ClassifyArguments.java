package io.github.longwing.jobs.command;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Passes;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.options.EvidenceOption;
import io.github.longwing.jobs.options.OptionRange;
import io.github.longwing.jobs.options.WindowOptionGroup;
import io.github.longwing.spark.task.ClassificationColumns;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.task.Pooling;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code longwing classify}. */
@Command(
        description = {
            "Reads documents with Spark, gives each its labels and their probabilities, and writes them as Parquet.",
            "A model for regression gives values. Options may also stand in files of settings; see --conf-file."
        })
final class ClassifyArguments implements TaskArguments<ClassifierOptions, Classification> {
    @Option(
            names = "--top-k",
            paramLabel = "N",
            description =
                    "The most labels in the list. Default: all, or those over the threshold of a multi-label model.")
    private Integer topK;

    @Option(
            names = "--threshold",
            paramLabel = "X",
            defaultValue = "" + ClassifierOptions.DEFAULT_THRESHOLD,
            description = "The probability that makes a label of a multi-label model hold. Default: ${DEFAULT-VALUE}.")
    private double threshold;

    @Option(
            names = "--pooling",
            paramLabel = "mean|max",
            defaultValue = "mean",
            description = {
                "What becomes of the probabilities of windows: their mean, weighted by length, or the highest.",
                "Default: ${DEFAULT-VALUE}."
            })
    private Pooling pooling;

    @Mixin
    private EvidenceOption evidence;

    private WindowOptionGroup windowOptions;

    @Override
    public SparkTask<ClassifierOptions, Classification> task() {
        return ClassificationColumns.TASK;
    }

    @Override
    public void addSharedOptions(CommandSpec command) {
        windowOptions = WindowOptionGroup.addTo(command, task().defaults().reading());
    }

    @Override
    public ClassifierOptions options() {
        return options(windowOptions.options());
    }

    @Override
    public FittedTask<ClassifierOptions> fit(Path files, BigBirdPegasusConfig config) {
        WindowOptionGroup.Fitted windows = windowOptions.fit(config, 0);
        return FittedTask.withoutGeneration(options(windows.options()), windows, Passes.ENCODER_AND_DECODER);
    }

    private ClassifierOptions options(WindowOptions reading) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new UserException("Cannot use --threshold: it is " + threshold + ", expected a number from 0 to 1");
        }
        return new ClassifierOptions(
                reading,
                pooling,
                topK == null ? ClassifierOptions.ALL_LABELS : OptionRange.atLeast("--top-k", topK, 1),
                threshold,
                evidence.passages());
    }
}
