package io.github.longwing.jobs.command;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.config.Passes;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.ResolvedOption;
import io.github.longwing.jobs.options.GenerationOptionGroup;
import io.github.longwing.jobs.options.OptionRange;
import io.github.longwing.jobs.options.WindowPlan;
import io.github.longwing.spark.task.ContinuationColumns;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.generate.GeneratorOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code longwing generate}. */
@Command(
        description = {
            "Reads prompts with Spark, from the column that --text-column names, and writes their continuations as Parquet.",
            "Options may also stand in files of settings; see --conf-file."
        },
        footer = {"", "Generation options that are left out are the model's own."})
final class GenerateArguments implements TaskArguments<GeneratorOptions, GeneratedTexts> {
    @Option(
            names = "--max-prompt-tokens",
            paramLabel = "N",
            description = {
                "The most tokens of a prompt; a longer one loses its beginning.",
                "Default: what the model has room for."
            })
    private Integer maxPromptTokens;

    private GenerationOptionGroup generation;

    @Override
    public SparkTask<GeneratorOptions, GeneratedTexts> task() {
        return ContinuationColumns.TASK;
    }

    @Override
    public void addSharedOptions(CommandSpec command) {
        generation = GenerationOptionGroup.addTo(command, GenerationOptionGroup.Use.CONTINUATION);
    }

    @Override
    public GeneratorOptions options() {
        return options(generation.overrides());
    }

    @Override
    public FittedTask<GeneratorOptions> fit(Path files, BigBirdPegasusConfig config) {
        GenerationOptionGroup.Fitted generated = generation.fit(files, config);
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
                options(generated.overrides()),
                new WindowPlan(LongDocuments.TRUNCATE, limit, 0, 0),
                Optional.of(generated.config()),
                Passes.PROMPT_AND_STEPS,
                defaults);
    }

    private GeneratorOptions options(GenerationOverrides overrides) {
        int prompt = maxPromptTokens == null
                ? WindowOptions.ALL_POSITIONS
                : OptionRange.atLeast("--max-prompt-tokens", maxPromptTokens, 1);
        return new GeneratorOptions(overrides, prompt, generation.newlines());
    }
}
