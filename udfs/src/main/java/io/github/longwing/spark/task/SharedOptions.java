package io.github.longwing.spark.task;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.config.SentenceHead;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.task.OptionTable.ModelFiles;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.tokenizer.Newlines;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Options that several tasks share: windows, generation, evidence. */
final class SharedOptions {
    private static final String MAX_SOURCE_TOKENS = "max-source-tokens";
    private static final String LONG_DOCUMENTS = "long-documents";
    private static final String WINDOW_OVERLAP = "window-overlap";
    private static final String LOCALE = "locale";
    private static final String NEWLINES = "newlines";
    private static final String EVIDENCE = "evidence";

    /** A token and the eos. */
    private static final int MIN_SOURCE_TOKENS = 2;

    static final NamedOption EVIDENCE_OPTION = NamedOption.integer(
            EVIDENCE, 0, "0", "Name so many passages of the document that carried the output, in a column evidence.");

    static final NamedOption NEWLINES_OPTION = NamedOption.words(
            NEWLINES,
            "newline|space|keep",
            "newline",
            "How the token <n> is written in a text: a line break, a space, or as it is.");

    private SharedOptions() {}

    /** How documents of any length are read. */
    static List<NamedOption> windows(WindowOptions defaults) {
        return List.of(
                NamedOption.integer(
                        MAX_SOURCE_TOKENS,
                        MIN_SOURCE_TOKENS,
                        "the model's positions",
                        "The most tokens of one run, eos included."),
                NamedOption.words(
                        LONG_DOCUMENTS,
                        defaults.longDocuments() == LongDocuments.HIERARCHICAL
                                ? "truncate|windows|hierarchical"
                                : "truncate|windows",
                        defaults.longDocuments().name().toLowerCase(Locale.ROOT),
                        "Longer documents are cut, or read in windows whose results become one."),
                NamedOption.integer(
                        WINDOW_OVERLAP,
                        0,
                        String.valueOf(defaults.windowOverlap()),
                        "Tokens of a window that the next one reads again."),
                new NamedOption(
                        LOCALE,
                        NamedOption.Kind.TEXT,
                        "TAG",
                        "a language tag such as en or pt-BR",
                        defaults.locale().toLanguageTag(),
                        "The language whose rules say where sentences end."));
    }

    static WindowOptions readWindows(OptionTexts texts, WindowOptions defaults, Optional<ModelFiles> model) {
        List<LongDocuments> choices = new ArrayList<>(List.of(LongDocuments.TRUNCATE, LongDocuments.WINDOWS));
        if (defaults.longDocuments() == LongDocuments.HIERARCHICAL) {
            choices.add(LongDocuments.HIERARCHICAL); // only summaries can be summarized again
        }
        LongDocuments longDocuments = texts.choice(LONG_DOCUMENTS, choices).orElse(defaults.longDocuments());
        int tokens = texts.integer(MAX_SOURCE_TOKENS, MIN_SOURCE_TOKENS).orElse(defaults.maxSourceTokens());
        Optional<Integer> overlap = texts.integer(WINDOW_OVERLAP, 0);
        Locale locale = texts.find(LOCALE)
                .map(tag -> WindowOptions.locale(tag)
                        .orElseThrow(() -> OptionTexts.unexpected(
                                LOCALE, tag, "a language tag such as en, pt-BR or zh-Hant", null)))
                .orElse(defaults.locale());
        int fitted = model.map(files -> fitOverlap(
                        longDocuments,
                        limit(tokens, files.config().maxPositionEmbeddings()),
                        overlap,
                        defaults.windowOverlap()))
                .orElse(overlap.orElse(defaults.windowOverlap()));
        return new WindowOptions(longDocuments, tokens, fitted, locale);
    }

    private static int limit(int tokens, int positions) {
        if (tokens > positions) {
            throw OptionTexts.unexpected(
                    MAX_SOURCE_TOKENS,
                    String.valueOf(tokens),
                    MIN_SOURCE_TOKENS + " to " + positions + ", the model's max_position_embeddings",
                    null);
        }
        return tokens == WindowOptions.ALL_POSITIONS ? positions : tokens;
    }

    private static int fitOverlap(LongDocuments longDocuments, int limit, Optional<Integer> asked, int defaultOverlap) {
        if (longDocuments == LongDocuments.TRUNCATE) {
            return 0;
        }
        int most = limit - MIN_SOURCE_TOKENS; // each window has a token that is new, and its eos
        if (asked.isPresent() && asked.get() > most) {
            throw OptionTexts.unexpected(
                    WINDOW_OVERLAP,
                    String.valueOf(asked.get()),
                    "0 to " + most + ", less than a window of " + limit + " tokens",
                    null);
        }
        return asked.orElse(Math.min(defaultOverlap, limit / 2 - 1));
    }

    /** What a table of generation options leaves out. */
    enum Use {
        /** A summary, which may be made of the sentences of a document. */
        SUMMARY,
        /** The continuation of a prompt. */
        CONTINUATION
    }

    static List<NamedOption> generation(Use use) {
        return generationOptions(use).stream().map(SharedOptions::named).toList();
    }

    private static List<GenerationOption<?>> generationOptions(Use use) {
        List<GenerationOption<?>> options = new ArrayList<>(GenerationOption.all());
        if (use == Use.CONTINUATION) {
            options.removeAll(GenerationOption.ofSentences());
        }
        return options;
    }

    private static NamedOption named(GenerationOption<?> option) {
        Object value = option.defaultValue();
        NamedOption.Kind kind =
                switch (option.label()) {
                    case "N", "ID" -> value instanceof Long ? NamedOption.Kind.LONG : NamedOption.Kind.INTEGER;
                    case "X" -> NamedOption.Kind.NUMBER;
                    case "true|false" -> NamedOption.Kind.FLAG;
                    default -> NamedOption.Kind.TEXT;
                };
        return new NamedOption(
                option.key(),
                kind,
                option.label(),
                option.range(),
                "the model's own, else " + option.defaultText(),
                option.help());
    }

    /** The generation options, resolved and checked where the model is known: some decide on the columns. */
    static GenerationOverrides readGeneration(OptionTexts texts, Use use, Optional<ModelFiles> model) {
        GenerationOverrides overrides = GenerationOverrides.parse(
                texts.select(generation(use).stream().map(NamedOption::key).toList()));
        if (model.isEmpty()) {
            return overrides;
        }
        GenerationConfig generation = generationOf(overrides, model.get());
        generation.checkAgainst(model.get().config());
        SentenceHead.wanted(generation, model.get().directory(), model.get().config());
        return switch (use) {
            case SUMMARY -> generation.resolveSummary(overrides);
            case CONTINUATION -> generation.resolve(overrides);
        };
    }

    static GenerationConfig generationOf(GenerationOverrides overrides, ModelFiles model) {
        return GenerationConfig.read(model.directory()).with(overrides);
    }

    static Newlines readNewlines(OptionTexts texts) {
        return texts.choice(NEWLINES, Newlines.values()).orElse(Newlines.NEWLINE);
    }

    static int readEvidence(OptionTexts texts) {
        return texts.integer(EVIDENCE, 0).orElse(0);
    }

    /** @throws UserException if a share is not between 0 and 1 */
    static double share(OptionTexts texts, String key, double defaultValue) {
        double value = texts.number(key).orElse(defaultValue);
        if (value < 0 || value > 1) {
            throw OptionTexts.unexpected(key, String.valueOf(value), "a number from 0 to 1", null);
        }
        return value;
    }
}
