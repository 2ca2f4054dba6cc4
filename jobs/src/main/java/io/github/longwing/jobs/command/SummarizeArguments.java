package io.github.longwing.jobs.command;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.config.Passes;
import io.github.longwing.jobs.options.EvidenceOption;
import io.github.longwing.jobs.options.GenerationOptionGroup;
import io.github.longwing.jobs.options.WindowOptionGroup;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SummaryColumns;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The options of {@code longwing summarize}. */
@Command(
        description = {
            "Reads documents with Spark, summarizes each and writes the summaries as Parquet.",
            "Options may also stand in files of settings; see --conf-file."
        },
        footer = {"", "Generation options that are left out are the model's own."})
final class SummarizeArguments implements TaskArguments<SummarizerOptions, Summaries> {
    @Mixin
    private EvidenceOption evidence;

    private WindowOptionGroup windowOptions;
    private GenerationOptionGroup generation;

    @Override
    public SparkTask<SummarizerOptions, Summaries> task() {
        return SummaryColumns.TASK;
    }

    @Override
    public void addSharedOptions(CommandSpec command) {
        windowOptions = WindowOptionGroup.addTo(command, task().defaults().reading());
        generation = GenerationOptionGroup.addTo(command, GenerationOptionGroup.Use.SUMMARY);
    }

    @Override
    public SummarizerOptions options() {
        return options(generation.overrides(), windowOptions.options());
    }

    @Override
    public FittedTask<SummarizerOptions> fit(Path files, BigBirdPegasusConfig config) {
        GenerationOptionGroup.Fitted generated = generation.fit(files, config);
        int summaryTokens = generated.config().lengthLimit(1, config.maxPositionEmbeddings());
        WindowOptionGroup.Fitted windows = windowOptions.fit(config, summaryTokens);
        return new FittedTask<>(
                options(generated.overrides(), windows.options()),
                windows.plan(),
                Optional.of(generated.config()),
                Passes.ENCODER_AND_STEPS,
                Stream.concat(generated.defaults().stream(), windows.defaults().stream())
                        .toList());
    }

    private SummarizerOptions options(GenerationOverrides overrides, WindowOptions reading) {
        return new SummarizerOptions(overrides, reading, generation.newlines(), evidence.passages());
    }
}
