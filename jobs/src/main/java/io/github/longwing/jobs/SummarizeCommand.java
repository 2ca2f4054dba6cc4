package io.github.longwing.jobs;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.ReadingOptions;
import io.github.longwing.task.Summaries;
import io.github.longwing.task.SummarizerOptions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads documents, summarizes them and writes Parquet. */
@Command(
        name = "summarize",
        sortOptions = false,
        customSynopsis = "longwing summarize --input PATH --output PATH [OPTION...]",
        description = {
            "Reads documents with Spark, summarizes each and writes the summaries as Parquet.",
            "Options may also stand in files of settings; see --conf-file."
        },
        footer = {"", "Generation options that are left out are the model's own."})
final class SummarizeCommand implements TaskCommand<SummarizerOptions, Summaries>, Callable<Integer> {
    private final JobLaunch launch;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions options;

    @Option(
            names = "--evidence",
            paramLabel = "N",
            defaultValue = "0",
            description = {
                "Name so many passages of the document that carried the output, in a column evidence.",
                "Default: ${DEFAULT-VALUE}, which costs nothing."
            })
    private int evidence;

    private ReadingArguments reading;
    private GenerationOptions generation;

    private SummarizeCommand(JobLaunch launch) {
        this.launch = launch;
    }

    static CommandLine commandLine(JobLaunch launch) {
        SummarizeCommand command = new SummarizeCommand(launch);
        CommandLine commandLine = new CommandLine(command);
        command.reading =
                ReadingArguments.addTo(commandLine.getCommandSpec(), ReadingOptions.of(LongDocuments.HIERARCHICAL));
        command.generation = GenerationOptions.addTo(commandLine.getCommandSpec());
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
    public DocumentTransformation<SummarizerOptions, Summaries> transformation() {
        return DocumentTransformation.SUMMARIZE;
    }

    @Override
    public Set<Architecture> architectures() {
        return Set.of(Architecture.CONDITIONAL_GENERATION);
    }

    @Override
    public SummarizerOptions settings() {
        return settings(generation.overrides(), reading.options());
    }

    @Override
    public FittedTask<SummarizerOptions> fit(CheckedModel model, BigBirdPegasusConfig config) {
        GenerationOptions.Fitted generated = generation.fit(model.files(), config);
        int summaryTokens = generated.config().lengthLimit(1, config.maxPositionEmbeddings());
        return new FittedTask<>(
                settings(generated.overrides(), reading.fit(config)),
                reading.windows(config, summaryTokens),
                Optional.of(generated.config()),
                Estimate.Passes.ENCODER_AND_STEPS,
                Stream.concat(generated.defaults().stream(), reading.defaults(config).stream())
                        .toList());
    }

    private SummarizerOptions settings(Map<String, String> overrides, ReadingOptions read) {
        return new SummarizerOptions(
                overrides, read, generation.newlines(), OptionRange.atLeast("--evidence", evidence, 0));
    }
}
