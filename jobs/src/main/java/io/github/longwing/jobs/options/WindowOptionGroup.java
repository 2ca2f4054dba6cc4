package io.github.longwing.jobs.options;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.ResolvedOption;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options for documents of any length, which all tasks but generation share. */
public final class WindowOptionGroup {
    private static final String MAX_SOURCE_TOKENS = "--max-source-tokens";
    private static final String LONG_DOCUMENTS = "--long-documents";
    private static final String WINDOW_OVERLAP = "--window-overlap";
    private static final String LOCALE = "--locale";

    /** A token and the eos. */
    private static final int MIN_SOURCE_TOKENS = 2;

    private final CommandSpec command;
    private final WindowOptions defaults;

    /**
     * The options for one model.
     *
     * @param plan how documents become windows
     * @param defaults options that the user left to the model or the task
     */
    public record Fitted(WindowOptions options, WindowPlan plan, List<ResolvedOption> defaults) {}

    private WindowOptionGroup(CommandSpec command, WindowOptions defaults) {
        this.command = command;
        this.defaults = defaults;
    }

    /**
     * Gives the options to a command.
     *
     * @param defaults the values where the user gives none
     */
    public static WindowOptionGroup addTo(CommandSpec command, WindowOptions defaults) {
        boolean hierarchical = defaults.longDocuments() == LongDocuments.HIERARCHICAL;
        command.addOption(option(MAX_SOURCE_TOKENS, Integer.class, "N")
                .description("The most tokens of one run, eos included. Default: the model's positions.")
                .build());
        command.addOption(option(
                        LONG_DOCUMENTS,
                        LongDocuments.class,
                        hierarchical ? "truncate|windows|hierarchical" : "truncate|windows")
                .defaultValue(name(defaults.longDocuments()))
                .description(
                        "Longer documents are cut, or read in windows"
                                + (hierarchical
                                        ? ", whose summaries are joined, or summarized again until they fit."
                                        : " whose results become one."),
                        "Default: ${DEFAULT-VALUE}.")
                .build());
        command.addOption(option(WINDOW_OVERLAP, Integer.class, "N")
                .description("Tokens of a window that the next one reads again. Default: " + defaults.windowOverlap()
                        + (defaults.windowOverlap() == 0 ? "." : ", at most half a window."))
                .build());
        command.addOption(option(LOCALE, String.class, "TAG")
                .defaultValue(defaults.locale().toLanguageTag())
                .description(
                        "The language whose rules say where sentences end, such as en or pt-BR.",
                        "Default: ${DEFAULT-VALUE}, no language in particular.")
                .build());
        return new WindowOptionGroup(command, defaults);
    }

    /** The options as far as they are known without a model. */
    public WindowOptions options() {
        int tokens = Objects.requireNonNullElse(maxSourceTokens(), defaults.maxSourceTokens());
        int overlap = Objects.requireNonNullElse(windowOverlap(), 0);
        return new WindowOptions(longDocuments(), tokens, OptionRange.atLeast(WINDOW_OVERLAP, overlap, 0), locale());
    }

    /**
     * The options for a model; refuses options that do not fit it.
     *
     * @param summaryTokens the maximum length of a window's summary, 0 for tasks that make none
     */
    public Fitted fit(BigBirdPegasusConfig config, int summaryTokens) {
        int limit = limit(config);
        WindowOptions fitted = fit(limit);
        return new Fitted(
                fitted,
                new WindowPlan(fitted.longDocuments(), limit, fitted.windowOverlap(), summaryTokens),
                List.of(
                        new ResolvedOption(
                                key(MAX_SOURCE_TOKENS),
                                Integer.toString(config.maxPositionEmbeddings()),
                                ResolvedOption.MODEL),
                        new ResolvedOption(
                                key(WINDOW_OVERLAP),
                                Integer.toString(fitted.windowOverlap()),
                                ResolvedOption.DEFAULT)));
    }

    private WindowOptions fit(int limit) {
        WindowOptions read = options();
        int most = limit - MIN_SOURCE_TOKENS; // each window has a token that is new, and its eos
        if (read.longDocuments() == LongDocuments.TRUNCATE) {
            return new WindowOptions(read.longDocuments(), read.maxSourceTokens(), 0, read.locale());
        }
        Integer asked = windowOverlap();
        if (asked != null && asked > most) {
            throw new UserException("Cannot " + command.name() + ": " + WINDOW_OVERLAP + " is " + asked
                    + ", expected 0 to " + most + ", less than a window of " + limit + " tokens; lower it");
        }
        int overlap = asked == null ? Math.min(defaults.windowOverlap(), limit / 2 - 1) : asked;
        return new WindowOptions(read.longDocuments(), read.maxSourceTokens(), overlap, read.locale());
    }

    private int limit(BigBirdPegasusConfig config) {
        int positions = config.maxPositionEmbeddings();
        Integer tokens = maxSourceTokens();
        if (tokens != null && tokens > positions) {
            throw unexpectedTokens(
                    tokens, MIN_SOURCE_TOKENS + " to " + positions + ", the model's max_position_embeddings");
        }
        return tokens == null ? positions : tokens;
    }

    private Integer maxSourceTokens() {
        Integer tokens = command.findOption(MAX_SOURCE_TOKENS).getValue();
        if (tokens != null && tokens < MIN_SOURCE_TOKENS) {
            throw unexpectedTokens(tokens, "at least " + MIN_SOURCE_TOKENS);
        }
        return tokens;
    }

    private UserException unexpectedTokens(int found, String expected) {
        return new UserException("Cannot " + command.name() + ": " + MAX_SOURCE_TOKENS + " is " + found + ", expected "
                + expected + "; change it or leave it out");
    }

    private Integer windowOverlap() {
        return command.findOption(WINDOW_OVERLAP).getValue();
    }

    private LongDocuments longDocuments() {
        LongDocuments found = command.findOption(LONG_DOCUMENTS).getValue();
        if (found == LongDocuments.HIERARCHICAL && defaults.longDocuments() != LongDocuments.HIERARCHICAL) {
            throw new UserException("Cannot " + command.name() + ": " + LONG_DOCUMENTS + " is " + name(found)
                    + ", expected truncate or windows, since only summaries can be summarized again; change it");
        }
        return found;
    }

    private Locale locale() {
        String tag = command.findOption(LOCALE).getValue();
        return WindowOptions.locale(tag)
                .orElseThrow(() -> new UserException("Cannot " + command.name() + ": " + LOCALE + " is " + tag
                        + ", expected a language tag such as en, pt-BR or zh-Hant; change it or leave it out"));
    }

    private static OptionSpec.Builder option(String name, Class<?> type, String label) {
        return OptionSpec.builder(name).type(type).paramLabel(label).order(50);
    }

    private static String key(String option) {
        return option.substring(2);
    }

    private static String name(LongDocuments value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
