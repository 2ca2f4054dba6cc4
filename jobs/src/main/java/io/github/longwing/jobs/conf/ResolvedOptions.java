package io.github.longwing.jobs.conf;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The settings of a job in the order of its help, each with the place it came from; secrets are not shown. */
public record ResolvedOptions(List<ResolvedOption> settings) {
    public ResolvedOptions {
        settings = List.copyOf(settings);
    }

    /**
     * Options that nobody set and that have no default are left out.
     *
     * @param defaults what the model's own files bring and what the task decides, under the names of options
     */
    public static ResolvedOptions of(ParseResult parsed, ConfLayers layers, List<ResolvedOption> defaults) {
        List<ResolvedOption> settings = new ArrayList<>();
        for (OptionSpec option : parsed.commandSpec().options()) {
            String key = OptionNames.key(option);
            Optional<ResolvedOption> byDefault =
                    defaults.stream().filter(s -> s.name().equals(key)).findFirst();
            if (parsed.hasMatchedOption(option)) {
                if (!OptionNames.isSwitch(option)) {
                    settings.add(new ResolvedOption(key, show(key, option.getValue()), ResolvedOption.COMMAND_LINE));
                }
            } else if (layers.find(key).isPresent()) {
                settings.add(new ResolvedOption(
                        key,
                        show(key, option.getValue()),
                        layers.find(key).get().origin()));
            } else if (key.equals("model")) {
                settings.add(new ResolvedOption(key, "the one that the jar carries", ResolvedOption.DEFAULT));
            } else if (byDefault.isPresent()) {
                settings.add(byDefault.get());
            } else if (option.defaultValue() != null && !option.defaultValue().isEmpty()) {
                settings.add(new ResolvedOption(key, show(key, option.getValue()), ResolvedOption.DEFAULT));
            }
        }
        return new ResolvedOptions(settings);
    }

    /** One line for each, in columns. */
    public List<String> lines() {
        int names = settings.stream().mapToInt(s -> s.name().length()).max().orElse(0);
        int values = settings.stream().mapToInt(s -> s.value().length()).max().orElse(0);
        String format = "  %-" + Math.max(1, names) + "s  %-" + Math.min(60, Math.max(1, values)) + "s  (%s)";
        return settings.stream()
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
