package io.github.longwing.jobs.command;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.jobs.options.GenerationOptionGroup;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.options.OptionRange;
import io.github.longwing.jobs.options.WindowOptionGroup;
import io.github.longwing.jobs.run.Estimate;
import io.github.longwing.jobs.run.VerifiedModel;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
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
public final class SummarizeCommand implements TaskCommand<SummarizerOptions, Summaries>, Callable<Integer> {
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

    private WindowOptionGroup reading;
    private GenerationOptionGroup generation;

    private SummarizeCommand(JobLaunch launch) {
        this.launch = launch;
    }

    public static CommandLine commandLine(JobLaunch launch) {
        SummarizeCommand command = new SummarizeCommand(launch);
        CommandLine commandLine = new CommandLine(command);
        command.reading =
                WindowOptionGroup.addTo(commandLine.getCommandSpec(), WindowOptions.of(LongDocuments.HIERARCHICAL));
        command.generation = GenerationOptionGroup.addTo(commandLine.getCommandSpec());
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
    public FittedTask<SummarizerOptions> fit(VerifiedModel model, BigBirdPegasusConfig config) {
        GenerationOptionGroup.Fitted generated = generation.fit(model.files(), config);
        int summaryTokens = generated.config().lengthLimit(1, config.maxPositionEmbeddings());
        return new FittedTask<>(
                settings(generated.overrides(), reading.fit(config)),
                reading.windows(config, summaryTokens),
                Optional.of(generated.config()),
                Estimate.Passes.ENCODER_AND_STEPS,
                Stream.concat(generated.defaults().stream(), reading.defaults(config).stream())
                        .toList());
    }

    private SummarizerOptions settings(GenerationOverrides overrides, WindowOptions read) {
        return new SummarizerOptions(
                overrides, read, generation.newlines(), OptionRange.atLeast("--evidence", evidence, 0));
    }
}
