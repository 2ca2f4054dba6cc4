package io.github.longwing.jobs.command;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.options.WindowOptionGroup;
import io.github.longwing.jobs.run.Estimate;
import io.github.longwing.jobs.run.VerifiedModel;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.EmbedderOptions.Norm;
import io.github.longwing.task.embed.EmbedderOptions.StatePooling;
import io.github.longwing.task.embed.Embedding;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads documents, makes vectors of them and writes Parquet. */
@Command(
        name = "embed",
        sortOptions = false,
        customSynopsis = "longwing embed --input PATH --output PATH [OPTION...]",
        description = {
            "Reads documents with Spark, makes a vector of the encoder's states of each and writes the vectors as Parquet.",
            "Options may also stand in files of settings; see --conf-file."
        })
public final class EmbedCommand implements TaskCommand<EmbedderOptions, Embedding>, Callable<Integer> {
    private final JobLaunch launch;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions options;

    @Option(
            names = "--pooling",
            paramLabel = "mean|eos",
            defaultValue = "mean",
            description = "The mean of the tokens' states, or the state of the eos. Default: ${DEFAULT-VALUE}.")
    private StatePooling pooling;

    @Option(
            names = "--normalize",
            paramLabel = "true|false",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "Make the length of every vector 1. Default: ${DEFAULT-VALUE}.")
    private boolean normalize;

    private WindowOptionGroup reading;

    private EmbedCommand(JobLaunch launch) {
        this.launch = launch;
    }

    public static CommandLine commandLine(JobLaunch launch) {
        EmbedCommand command = new EmbedCommand(launch);
        CommandLine commandLine = new CommandLine(command);
        command.reading = WindowOptionGroup.addTo(
                commandLine.getCommandSpec(), EmbedderOptions.standard().reading());
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
    public DocumentTransformation<EmbedderOptions, Embedding> transformation() {
        return DocumentTransformation.EMBED;
    }

    @Override
    public Set<Architecture> architectures() {
        return EnumSet.complementOf(EnumSet.of(Architecture.CAUSAL_LM));
    }

    @Override
    public EmbedderOptions settings() {
        return settings(reading.options());
    }

    @Override
    public FittedTask<EmbedderOptions> fit(VerifiedModel model, BigBirdPegasusConfig config) {
        return new FittedTask<>(
                settings(reading.fit(config)),
                reading.windows(config, 0),
                Optional.empty(),
                Estimate.Passes.ENCODER,
                reading.defaults(config));
    }

    private EmbedderOptions settings(WindowOptions read) {
        return new EmbedderOptions(read, pooling, normalize ? Norm.UNIT : Norm.AS_IS);
    }
}
