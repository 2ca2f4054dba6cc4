package io.github.longwing.jobs.command;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Passes;
import io.github.longwing.jobs.options.WindowOptionGroup;
import io.github.longwing.spark.task.EmbeddingColumns;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.EmbedderOptions.Norm;
import io.github.longwing.task.embed.EmbedderOptions.StatePooling;
import io.github.longwing.task.embed.Embedding;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code longwing embed}. */
@Command(
        description = {
            "Reads documents with Spark, makes a vector of the encoder's states of each and writes the vectors as Parquet.",
            "Options may also stand in files of settings; see --conf-file."
        })
final class EmbedArguments implements TaskArguments<EmbedderOptions, Embedding> {
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

    private WindowOptionGroup windowOptions;

    @Override
    public SparkTask<EmbedderOptions, Embedding> task() {
        return EmbeddingColumns.TASK;
    }

    @Override
    public void addSharedOptions(CommandSpec command) {
        windowOptions = WindowOptionGroup.addTo(command, task().defaults().reading());
    }

    @Override
    public EmbedderOptions options() {
        return options(windowOptions.options());
    }

    @Override
    public FittedTask<EmbedderOptions> fit(Path files, BigBirdPegasusConfig config) {
        WindowOptionGroup.Fitted windows = windowOptions.fit(config, 0);
        return FittedTask.withoutGeneration(options(windows.options()), windows, Passes.ENCODER);
    }

    private EmbedderOptions options(WindowOptions reading) {
        return new EmbedderOptions(reading, pooling, normalize ? Norm.UNIT : Norm.AS_IS);
    }
}
