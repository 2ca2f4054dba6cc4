package io.github.longwing.jobs.options;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.jobs.conf.ResolvedOption;
import io.github.longwing.tokenizer.Newlines;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * transformers' generation options in kebab case. They stay text here: {@code GenerationConfig} alone knows what they
 * may be.
 */
public final class GenerationOptionGroup {
    private static final String NUMBER = "X";
    private static final String COUNT = "N";
    private static final String FLAG = "true|false";
    private static final String TOKEN = "ID";
    private static final String TOKENS = "ID,...";

    private static final List<Option> OPTIONS = List.of(
            new Option("num-beams", COUNT, "Beams of the search; 1 is greedy search, or sampling."),
            new Option("length-penalty", NUMBER, "The power of the length that scores are divided by."),
            new Option("early-stopping", "true|false|never", "When beam search stops."),
            new Option("max-length", COUNT, "The most tokens, the start token among them."),
            new Option("min-length", COUNT, "The least tokens, the start token among them."),
            new Option("max-new-tokens", COUNT, "The most tokens after the start token; beats --max-length."),
            new Option("min-new-tokens", COUNT, "The least tokens after the start token; beats --min-length."),
            new Option("no-repeat-ngram-size", COUNT, "No run of so many tokens comes twice; 0 is off."),
            new Option("encoder-no-repeat-ngram-size", COUNT, "Nor one that is in the document; 0 is off."),
            new Option("repetition-penalty", NUMBER, "Above 1 makes tokens that came before less likely."),
            new Option("encoder-repetition-penalty", NUMBER, "Above 1 makes tokens of the document more likely."),
            new Option("num-return-sequences", COUNT, "Texts for each document."),
            new Option("do-sample", FLAG, "Draw tokens rather than search; the seven options that follow act then."),
            new Option("temperature", NUMBER, "Below 1 sharpens, above 1 flattens the distribution."),
            new Option("top-k", COUNT, "How many tokens stay in the draw; 0 is all."),
            new Option("top-p", NUMBER, "How much probability stays in the draw."),
            new Option("top-h", NUMBER, "The same bound by entropy."),
            new Option("min-p", NUMBER, "The least probability in proportion to the best token's."),
            new Option("typical-p", NUMBER, "How much probability of typical tokens stays in the draw."),
            new Option("epsilon-cutoff", NUMBER, "The least probability that stays in the draw."),
            new Option("eta-cutoff", NUMBER, "The same, adapted to the entropy."),
            new Option("seed", COUNT, "With a document's id it decides all draws."),
            new Option("bad-words-ids", "[[ID,...],...]", "Sequences of tokens that may not come."),
            new Option("sequence-bias", "[[[ID,...],X],...]", "What is added to the scores of sequences of tokens."),
            new Option("suppress-tokens", TOKENS, "Tokens that may not come."),
            new Option("begin-suppress-tokens", TOKENS, "Tokens that may not come first."),
            new Option("forced-bos-token-id", TOKEN, "The token after the start token."),
            new Option("forced-eos-token-id", TOKENS, "The last token at the limit."),
            new Option("exponential-decay-length-penalty", "[START,X]", "Makes the eos more likely from START on."),
            new Option("renormalize-logits", FLAG, "Normalize after all of these."),
            new Option("pad-token-id", TOKEN, "The special tokens, where the model's own are wrong."),
            new Option("bos-token-id", TOKEN, ""),
            new Option("eos-token-id", TOKENS, ""),
            new Option("decoder-start-token-id", TOKEN, ""));

    private static final String NEWLINES = "--newlines";
    private static final String NUM_RETURN_SEQUENCES = "num_return_sequences";

    private final CommandSpec command;

    /**
     * The settings for one model.
     *
     * @param overrides what the tasks need to know to come to the same
     * @param defaults what the model says that transformers does not say anyway
     */
    public record Fitted(GenerationConfig config, Map<String, String> overrides, List<ResolvedOption> defaults) {}

    private GenerationOptionGroup(CommandSpec command) {
        this.command = command;
    }

    private record Option(String key, String label, String description) {
        OptionSpec spec() {
            OptionSpec.Builder builder = OptionSpec.builder("--" + key)
                    .type(String.class)
                    .paramLabel(label)
                    .order(100);
            if (!description.isEmpty()) {
                builder.description(description);
            }
            // alone, a switch means true
            return label.startsWith(FLAG)
                    ? builder.arity("0..1").fallbackValue("true").build()
                    : builder.build();
        }
    }

    /** Gives the options to a command that generates text. */
    public static GenerationOptionGroup addTo(CommandSpec command) {
        OPTIONS.forEach(option -> command.addOption(option.spec()));
        command.addOption(OptionSpec.builder(NEWLINES)
                .type(Newlines.class)
                .paramLabel("newline|space|keep")
                .defaultValue("newline")
                .order(100)
                .description("What becomes of the token <n> in a text. Default: ${DEFAULT-VALUE}.")
                .build());
        return new GenerationOptionGroup(command);
    }

    /** The options of transformers by their names in kebab case. */
    public static List<String> keys() {
        return OPTIONS.stream().map(Option::key).toList();
    }

    /** What the user or the files of settings say, under transformers' own names. */
    public Map<String, String> overrides() {
        Map<String, String> overrides = new LinkedHashMap<>();
        for (String key : keys()) {
            Optional.ofNullable((String) command.findOption("--" + key).getValue())
                    .ifPresent(value -> overrides.put(key.replace('-', '_'), value));
        }
        return overrides;
    }

    public Newlines newlines() {
        return command.findOption(NEWLINES).getValue();
    }

    /** The settings in those of a model, refused where they do not fit it. */
    public Fitted fit(Path model, BigBirdPegasusConfig config) {
        GenerationConfig own = GenerationConfig.read(model);
        GenerationConfig generation = own.with(overrides());
        generation.checkAgainst(config);
        // the number of sequences decides on the columns, so that it may not be left to the executors
        Map<String, String> resolved = overrides();
        resolved.put(NUM_RETURN_SEQUENCES, Integer.toString(generation.numReturnSequences()));
        Set<Map.Entry<String, String>> said = new HashSet<>(own.settings().entrySet());
        said.removeAll(GenerationConfig.defaults().settings().entrySet());
        List<ResolvedOption> defaults = said.stream()
                .map(s -> new ResolvedOption(s.getKey().replace('_', '-'), s.getValue(), ResolvedOption.MODEL))
                .toList();
        return new Fitted(generation, resolved, defaults);
    }
}
