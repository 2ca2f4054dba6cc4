package io.github.longwing.jobs.command;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.ResolvedOption;
import io.github.longwing.jobs.options.GenerationOptionGroup;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.options.OptionRange;
import io.github.longwing.jobs.options.WindowPlan;
import io.github.longwing.jobs.run.Estimate;
import io.github.longwing.jobs.run.VerifiedModel;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.generate.GeneratorOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads prompts, continues them and writes Parquet. */
@Command(
        name = "generate",
        sortOptions = false,
        customSynopsis = "longwing generate --model MODEL --input PATH --output PATH [OPTION...]",
        description = {
            "Reads prompts with Spark, from the column that --text-column names, and writes their continuations as Parquet.",
            "Options may also stand in files of settings; see --conf-file."
        },
        footer = {"", "Generation options that are left out are the model's own."})
public final class GenerateCommand implements TaskCommand<GeneratorOptions, GeneratedTexts>, Callable<Integer> {
    private final JobLaunch launch;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions options;

    @Option(
            names = "--max-prompt-tokens",
            paramLabel = "N",
            description = {
                "The most tokens of a prompt; a longer one loses its beginning.",
                "Default: what the model has room for."
            })
    private Integer maxPromptTokens;

    private GenerationOptionGroup generation;

    private GenerateCommand(JobLaunch launch) {
        this.launch = launch;
    }

    public static CommandLine commandLine(JobLaunch launch) {
        GenerateCommand command = new GenerateCommand(launch);
        CommandLine commandLine = new CommandLine(command);
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
    public DocumentTransformation<GeneratorOptions, GeneratedTexts> transformation() {
        return DocumentTransformation.GENERATE;
    }

    @Override
    public Set<Architecture> architectures() {
        return Set.of(Architecture.CAUSAL_LM);
    }

    @Override
    public GeneratorOptions settings() {
        return settings(generation.overrides());
    }

    @Override
    public FittedTask<GeneratorOptions> fit(VerifiedModel model, BigBirdPegasusConfig config) {
        GenerationOptionGroup.Fitted generated = generation.fit(model.files(), config);
        int room = generated.config().promptLimit(config.maxPositionEmbeddings());
        if (maxPromptTokens != null && maxPromptTokens > room) {
            throw new UserException("Cannot generate: --max-prompt-tokens is " + maxPromptTokens + ", expected 1 to "
                    + room + ", which the model's max_position_embeddings and the limit of the text leave;"
                    + " lower it or leave it out");
        }
        int limit = Objects.requireNonNullElse(maxPromptTokens, room);
        List<ResolvedOption> defaults = new ArrayList<>(generated.defaults());
        defaults.add(new ResolvedOption("max-prompt-tokens", Integer.toString(room), ResolvedOption.MODEL));
        return new FittedTask<>(
                settings(generated.overrides()),
                new WindowPlan(LongDocuments.TRUNCATE, limit, 0, 0),
                Optional.of(generated.config()),
                Estimate.Passes.PROMPT_AND_STEPS,
                defaults);
    }

    private GeneratorOptions settings(GenerationOverrides overrides) {
        int prompt = maxPromptTokens == null
                ? WindowOptions.ALL_POSITIONS
                : OptionRange.atLeast("--max-prompt-tokens", maxPromptTokens, 1);
        return new GeneratorOptions(overrides, prompt, generation.newlines());
    }
}
