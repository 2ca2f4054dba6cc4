package io.github.longwing.jobs.command;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.options.OptionRange;
import io.github.longwing.jobs.options.WindowOptionGroup;
import io.github.longwing.jobs.run.Estimate;
import io.github.longwing.jobs.run.VerifiedModel;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.task.Pooling;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads documents, labels them and writes Parquet. */
@Command(
        name = "classify",
        sortOptions = false,
        customSynopsis = "longwing classify --model MODEL --input PATH --output PATH [OPTION...]",
        description = {
            "Reads documents with Spark, gives each its labels and their probabilities, and writes them as Parquet.",
            "A model for regression gives values. Options may also stand in files of settings; see --conf-file."
        })
public final class ClassifyCommand implements TaskCommand<ClassifierOptions, Classification>, Callable<Integer> {
    private final JobLaunch launch;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions options;

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

    @Option(
            names = "--evidence",
            paramLabel = "N",
            defaultValue = "0",
            description = {
                "Name so many passages of the document that carried the output, in a column evidence.",
                "Default: ${DEFAULT-VALUE}, which costs nothing."
            })
    private int evidence;

    private WindowOptionGroup reading;

    private ClassifyCommand(JobLaunch launch) {
        this.launch = launch;
    }

    public static CommandLine commandLine(JobLaunch launch) {
        ClassifyCommand command = new ClassifyCommand(launch);
        CommandLine commandLine = new CommandLine(command);
        command.reading = WindowOptionGroup.addTo(
                commandLine.getCommandSpec(), ClassifierOptions.standard().reading());
        return commandLine;
    }

    @Override
    public Integer call() {
        return launch.run(this);
    }

    @Override
    public JobOptions options() {
        return options;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public DocumentTransformation<ClassifierOptions, Classification> transformation() {
        return DocumentTransformation.CLASSIFY;
    }

    @Override
    public Set<Architecture> architectures() {
        return Set.of(Architecture.SEQUENCE_CLASSIFICATION);
    }

    @Override
    public ClassifierOptions settings() {
        return settings(reading.options());
    }

    @Override
    public FittedTask<ClassifierOptions> fit(VerifiedModel model, BigBirdPegasusConfig config) {
        return new FittedTask<>(
                settings(reading.fit(config)),
                reading.windows(config, 0),
                Optional.empty(),
                Estimate.Passes.ENCODER_AND_DECODER,
                reading.defaults(config));
    }

    private ClassifierOptions settings(WindowOptions read) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new UserException("Cannot use --threshold: it is " + threshold + ", expected a number from 0 to 1");
        }
        return new ClassifierOptions(
                read,
                pooling,
                topK == null ? ClassifierOptions.ALL_LABELS : OptionRange.atLeast("--top-k", topK, 1),
                threshold,
                OptionRange.atLeast("--evidence", evidence, 0));
    }
}
