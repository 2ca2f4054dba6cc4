package io.github.longwing.jobs;

import io.github.longwing.jobs.command.JobCommand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes docs/options.md from the commands themselves. */
final class OptionsPage {
    private static final Set<String> COMMON = Set.of("--help", "--verbose");

    private final StringBuilder page = new StringBuilder();

    private OptionsPage() {}

    static String of(CommandLine root) {
        OptionsPage page = new OptionsPage();
        page.line("# Commands and options");
        page.line("");
        page.line("Made from the commands themselves: a test compares this page with them and writes the new one to");
        page.line("`jobs/target/options.md`. Do not edit it by hand. `longwing COMMAND --help` shows the same.");
        page.line("");
        page.line("Every command takes `--help` and `--verbose` (shows the stack trace of an error).");
        Map<String, CommandLine> jobs = new LinkedHashMap<>();
        Map<String, CommandLine> others = new LinkedHashMap<>();
        root.getSubcommands().forEach((name, command) -> {
            if (command.getCommand() instanceof JobCommand) {
                jobs.put(name, command);
            } else if (command.getSubcommands().isEmpty()) {
                others.put(name, command);
            } else {
                command.getSubcommands().forEach((word, part) -> others.put(name + " " + word, part));
            }
        });
        page.jobs(jobs);
        others.forEach((name, command) -> page.command(name, command, jobs));
        return page.page.toString();
    }

    private void jobs(Map<String, CommandLine> jobs) {
        line("");
        line("## The jobs");
        line("");
        jobs.forEach((name, command) -> line("- `" + name + "`: " + description(command)));
        Map<String, Set<String>> jobsOfRow = new LinkedHashMap<>();
        jobs.forEach((name, command) -> rows(command).forEach(row -> jobsOfRow
                .computeIfAbsent(row, r -> new LinkedHashSet<>())
                .add(name)));
        Map<Set<String>, List<String>> sections = new LinkedHashMap<>();
        jobsOfRow.forEach((row, names) ->
                sections.computeIfAbsent(names, n -> new ArrayList<>()).add(row));
        List<Set<String>> widestFirst = new ArrayList<>(sections.keySet());
        widestFirst.sort(Comparator.comparingInt(Set<String>::size).reversed());
        widestFirst.forEach(names -> {
            line("");
            line(
                    names.size() == jobs.size()
                            ? "### Options of every job"
                            : "### Options of "
                                    + names.stream()
                                            .map(name -> "`" + name + "`")
                                            .collect(Collectors.joining(", ")));
            table(sections.get(names));
        });
    }

    /** A command that runs a job takes all the options of the job, which stand there. */
    private void command(String name, CommandLine command, Map<String, CommandLine> jobs) {
        line("");
        line("## " + name);
        line("");
        line("    "
                + String.join("\n    ", command.getCommandSpec().usageMessage().customSynopsis())
                        .replaceAll("(?m)^ {6,}", "    "));
        line("");
        line(description(command));
        List<String> rows = new ArrayList<>(rows(command));
        if (command.getCommand() instanceof JobCommand) {
            line("");
            line("Takes the options of `" + command.getCommandName() + "` and these:");
            rows.removeAll(rows(jobs.get(command.getCommandName())));
        }
        if (!rows.isEmpty()) {
            table(rows);
        }
    }

    private void table(List<String> rows) {
        line("");
        line("| option | meaning |");
        line("|---|---|");
        rows.forEach(this::line);
    }

    private static List<String> rows(CommandLine command) {
        List<String> rows = new ArrayList<>();
        for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
            rows.add(row(parameter.paramLabel(), parameter));
        }
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!COMMON.contains(option.longestName())) {
                String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                rows.add(row(option.longestName() + value, option));
            }
        }
        return rows;
    }

    private static String row(String name, ArgSpec argument) {
        String meaning = String.join(" ", argument.description());
        String required = argument instanceof OptionSpec && argument.required() ? " Required." : "";
        return "| `" + escaped(name) + "` | " + escaped(meaning) + required + " |";
    }

    private static String description(CommandLine command) {
        return String.join(" ", command.getCommandSpec().usageMessage().description())
                .replace("%n", " ");
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }

    private void line(String line) {
        page.append(line.stripTrailing()).append('\n');
    }
}
