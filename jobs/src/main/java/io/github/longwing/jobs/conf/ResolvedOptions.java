package io.github.longwing.jobs.conf;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options of a job in the order of its help, each with its origin; secrets are not shown. */
public record ResolvedOptions(List<ResolvedOption> options) {
    /** What is read is compared file by file, and what is written where is known; the rest changes no row. */
    private static final Set<String> OF_THE_RUN = Set.of(
            "input",
            "table",
            "output",
            "output-table",
            "mode",
            "limit",
            "model",
            "max-errors",
            "slice-minutes",
            "stop-after",
            "document-timeout",
            "deduplicate",
            "sort-by-length",
            "incremental",
            "stream",
            "trigger",
            "prune",
            "retry-errors",
            "quiet",
            "conf",
            "conf-file",
            "set",
            "master");

    public ResolvedOptions {
        options = List.copyOf(options);
    }

    /**
     * Leaves out options without a value.
     *
     * @param defaults values from the model's files and from the task, under the names of options
     */
    public static ResolvedOptions of(ParseResult parsed, ConfLayers layers, List<ResolvedOption> defaults) {
        List<ResolvedOption> options = new ArrayList<>();
        for (OptionSpec option : parsed.commandSpec().options()) {
            String key = OptionNames.key(option);
            Optional<ResolvedOption> byDefault =
                    defaults.stream().filter(s -> s.name().equals(key)).findFirst();
            if (parsed.hasMatchedOption(option)) {
                if (!OptionNames.isSwitch(option)) {
                    options.add(new ResolvedOption(key, show(key, option.getValue()), ResolvedOption.COMMAND_LINE));
                }
            } else if (layers.find(key).isPresent()) {
                options.add(new ResolvedOption(
                        key,
                        show(key, option.getValue()),
                        layers.find(key).get().origin()));
            } else if (key.equals("model")) {
                options.add(new ResolvedOption(key, "the one that the jar carries", ResolvedOption.DEFAULT));
            } else if (byDefault.isPresent()) {
                options.add(byDefault.get());
            } else if (option.defaultValue() != null && !option.defaultValue().isEmpty()) {
                options.add(new ResolvedOption(key, show(key, option.getValue()), ResolvedOption.DEFAULT));
            }
        }
        return new ResolvedOptions(options);
    }

    /** Those that rows depend on, with their values; a run that differs in another may go on with what is there. */
    public Map<String, String> thatChangeRows() {
        return options.stream()
                .filter(option -> !OF_THE_RUN.contains(option.name()))
                .collect(Collectors.toMap(ResolvedOption::name, ResolvedOption::value, (a, b) -> a, TreeMap::new));
    }

    /** One line for each, in columns. */
    public List<String> lines() {
        int names = options.stream().mapToInt(s -> s.name().length()).max().orElse(0);
        int values = options.stream().mapToInt(s -> s.value().length()).max().orElse(0);
        String format = "  %-" + Math.max(1, names) + "s  %-" + Math.min(60, Math.max(1, values)) + "s  (%s)";
        return options.stream()
                .map(s -> String.format(Locale.ROOT, format, s.name(), s.value(), s.origin()))
                .toList();
    }

    private static String show(String key, Object value) {
        if (value instanceof Collection<?> values) {
            return values.stream().map(v -> show(key, v)).collect(Collectors.joining(", "));
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        String text = String.valueOf(value);
        int equals = text.indexOf('=');
        return key.startsWith("conf") && equals > 0
                ? text.substring(0, equals + 1) + Redaction.show(text.substring(0, equals), text.substring(equals + 1))
                : Redaction.show(key, text);
    }
}
