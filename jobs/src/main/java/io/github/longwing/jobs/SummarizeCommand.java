package io.github.longwing.jobs;

import io.github.longwing.spark.InputPartitioning;
import io.github.longwing.spark.SummarizeOptions;
import io.github.longwing.tokenizer.Newlines;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

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
final class SummarizeCommand implements JobCommand, Callable<Integer> {
    private final Shell shell;
    private final Backend backend;

    @Mixin
    private JobOptions options;

    @Option(
            names = "--max-source-tokens",
            paramLabel = "N",
            description = "Cut documents to so many tokens, eos included. Default: the model's positions.")
    private Integer maxSourceTokens;

    @Option(
            names = "--newlines",
            paramLabel = "newline|space|keep",
            defaultValue = "newline",
            description = "What becomes of the token <n> in a summary. Default: ${DEFAULT-VALUE}.")
    private Newlines newlines;

    private GenerationOptions generation;
    private CommandLine commandLine;

    private SummarizeCommand(Shell shell, Backend backend) {
        this.shell = shell;
        this.backend = backend;
    }

    static CommandLine commandLine(Shell shell, Backend backend) {
        SummarizeCommand command = new SummarizeCommand(shell, backend);
        command.commandLine = new CommandLine(command);
        command.generation = GenerationOptions.addTo(command.commandLine.getCommandSpec());
        return command.commandLine;
    }

    @Override
    public JobOptions options() {
        return options;
    }

    @Override
    public Integer call() {
        options.check();
        SummarizeOptions summarize = new SummarizeOptions(
                options.model().reference(),
                options.columns(),
                generation.overrides(),
                maxSourceTokens,
                newlines,
                options.onError(),
                InputPartitioning.BALANCED);
        ParseResult parsed = commandLine.getParseResult();
        SummarizeJob job = new SummarizeJob(
                summarize,
                options.rehearsal(),
                backend.models(),
                backend.summaryRun(),
                modelDefaults -> ResolvedSettings.of(parsed, options.layers(), modelDefaults));
        return new JobRunner(shell, options).run(job).code();
    }
}
