package io.github.longwing.jobs.options;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.config.SentenceHead;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.ResolvedOption;
import io.github.longwing.tokenizer.Newlines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of text generation as the table in {@link GenerationOption} has them, in kebab case. */
public final class GenerationOptionGroup {
    private static final String NEWLINES = "--newlines";

    private static final String NOT_EXTRACTIVE = "--no-extractive";

    private final CommandSpec command;
    private final List<GenerationOption<?>> options;

    /** What a command does with the options. */
    public enum Use {
        /** A summary, which may be made of the sentences of a document. */
        SUMMARY,
        /** The continuation of a prompt. */
        CONTINUATION
    }

    /**
     * The settings for one model.
     *
     * @param overrides the options of the user, and what executors may not resolve by themselves
     * @param defaults options of the model that differ from transformers' defaults
     */
    public record Fitted(GenerationConfig config, GenerationOverrides overrides, List<ResolvedOption> defaults) {}

    private GenerationOptionGroup(CommandSpec command, List<GenerationOption<?>> options) {
        this.command = command;
        this.options = options;
    }

    private static List<GenerationOption<?>> options(Use use) {
        List<GenerationOption<?>> options = new ArrayList<>(GenerationOption.all());
        if (use == Use.CONTINUATION) {
            options.removeAll(GenerationOption.ofSentences());
        }
        return options;
    }

    private static OptionSpec spec(GenerationOption<?> option) {
        OptionSpec.Builder builder = OptionSpec.builder("--" + option.key())
                .type(String.class)
                .paramLabel(option.label())
                .order(100)
                .description(option.help(), "Allowed: " + option.range() + ". Default: " + option.defaultText() + ".");
        return option.isFlag() ? builder.arity("0..1").fallbackValue("true").build() : builder.build();
    }

    /** Gives the options to a command that generates text. */
    public static GenerationOptionGroup addTo(CommandSpec command, Use use) {
        List<GenerationOption<?>> options = options(use);
        options.forEach(option -> command.addOption(spec(option)));
        if (use == Use.SUMMARY) {
            command.addOption(OptionSpec.builder(NOT_EXTRACTIVE)
                    .type(boolean.class)
                    .order(100)
                    .description(
                            "Write freely, also where the model's own file says extractive; as --extractive false.")
                    .build());
        }
        command.addOption(OptionSpec.builder(NEWLINES)
                .type(Newlines.class)
                .paramLabel("newline|space|keep")
                .defaultValue("newline")
                .order(100)
                .description(
                        "How the token <n> is written in a text: a line break, a space, or as it is. Default: ${DEFAULT-VALUE}.")
                .build());
        return new GenerationOptionGroup(command, options);
    }

    /** The options of transformers by their names in kebab case. */
    public static List<String> keys() {
        return GenerationOption.all().stream().map(GenerationOption::key).toList();
    }

    /**
     * The options that the command line or the files of settings name.
     *
     * @throws io.github.longwing.error.UserException for a value that an option cannot have
     */
    public GenerationOverrides overrides() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (GenerationOption<?> option : options) {
            Optional.ofNullable((String) command.findOption("--" + option.key()).getValue())
                    .ifPresent(text -> texts.put(option.key(), text));
        }
        if (isFree()) {
            String extractive = texts.put(GenerationOption.EXTRACTIVE.key(), "false");
            if ("true".equals(extractive)) {
                throw new UserException("Cannot use the generation options: --extractive and --no-extractive are both"
                        + " given, expected one of them");
            }
        }
        return GenerationOverrides.parse(texts);
    }

    private boolean isFree() {
        OptionSpec free = command.findOption(NOT_EXTRACTIVE);
        return free != null && Boolean.TRUE.equals(free.getValue());
    }

    public Newlines newlines() {
        return command.findOption(NEWLINES).getValue();
    }

    /** The settings in those of a model, refused where they do not fit it. */
    public Fitted fit(Path model, BigBirdPegasusConfig config) {
        GenerationConfig own = GenerationConfig.read(model);
        GenerationOverrides overrides = overrides();
        GenerationConfig generation = own.with(overrides);
        generation.checkAgainst(config);
        SentenceHead.wanted(generation, model, config);
        // these decide on the columns, so that they may not be left to the executors
        GenerationOverrides resolved = options.contains(GenerationOption.EXTRACTIVE)
                ? generation.resolveSummary(overrides)
                : generation.resolve(overrides);
        Set<Map.Entry<String, String>> settings = new HashSet<>(own.settings().entrySet());
        settings.removeAll(GenerationConfig.defaults().settings().entrySet());
        // what the model says and the command line overrules, also under another name, or an extractive summary cannot
        // follow
        settings.removeIf(s -> !s.getValue().equals(generation.settings().get(s.getKey())));
        List<ResolvedOption> defaults = new ArrayList<>(settings.stream()
                .map(s -> new ResolvedOption(s.getKey().replace('_', '-'), s.getValue(), ResolvedOption.MODEL))
                .toList());
        if (isFree()) { // a switch is not listed by itself
            defaults.add(new ResolvedOption(GenerationOption.EXTRACTIVE.key(), "false", NOT_EXTRACTIVE));
        }
        return new Fitted(generation, resolved, defaults);
    }
}
