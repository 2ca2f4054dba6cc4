package io.github.longwing.jobs.options;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.jobs.conf.ConfLayers;
import io.github.longwing.jobs.conf.OptionNames;
import io.github.longwing.jobs.console.Failures;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns picocli's errors about a command line into one sentence: value found, value expected, remedy. */
public final class UsageErrors {
    private UsageErrors() {}

    public static String sentence(ParameterException error, List<String> arguments) {
        CommandLine command = error.getCommandLine();
        String help = "see " + command.getCommandSpec().qualifiedName() + " --help";
        if (error instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched.getUnmatched().get(0), command, help);
        }
        if (error instanceof MissingParameterException missing) {
            return missing(missing.getMissing(), error.getMessage(), help);
        }
        if (error instanceof OverwrittenOptionException overwritten) {
            return "Cannot use " + name(overwritten.getOverwritten()) + ": it is given more than once, expected once; "
                    + help;
        }
        if (error.getArgSpec() instanceof OptionSpec option && error.getValue() != null) {
            return "Cannot use " + option.longestName() + ": it is " + quoted(error.getValue())
                    + origin(option, command, arguments) + ", expected " + expected(option) + "; " + help;
        }
        String message = Failures.firstLine(error);
        return (message.startsWith("Cannot") ? message : "Cannot read the command line: " + message) + "; " + help;
    }

    private static String unmatched(String argument, CommandLine command, String help) {
        String name = command.getCommandName();
        boolean takesCommands = !command.getSubcommands().isEmpty();
        if (argument.startsWith("-")) {
            String option = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
            List<String> options = command.getCommandSpec().options().stream()
                    .map(OptionSpec::longestName)
                    .toList();
            return "Cannot use " + option + ": " + name + " has no such option, expected one of its own"
                    + DidYouMean.hint(option, options) + "; " + help;
        }
        return takesCommands
                ? "Cannot run " + quoted(argument) + ": there is no such command, expected one of "
                        + String.join(", ", command.getSubcommands().keySet())
                        + DidYouMean.hint(argument, command.getSubcommands().keySet()) + "; " + help
                : "Cannot use " + quoted(argument) + ": " + name
                        + " takes options only, expected --NAME VALUE; quote values that have spaces, and " + help;
    }

    private static String missing(List<ArgSpec> missing, String message, String help) {
        String names = missing.stream().map(UsageErrors::name).collect(Collectors.joining(" and "));
        boolean named = message.contains("Missing required option") || message.contains("required argument");
        return named
                ? "Cannot go on without " + names + ": expected "
                        + missing.stream()
                                .map(argument -> name(argument) + " " + argument.paramLabel())
                                .collect(Collectors.joining(" and "))
                        + "; " + help
                : "Cannot use " + names + ": it has no value, expected "
                        + missing.get(0).paramLabel() + "; " + help;
    }

    /** The properties file that the value came from, if it did. */
    private static String origin(OptionSpec option, CommandLine command, List<String> arguments) {
        String name = option.longestName();
        boolean typed = arguments.stream().anyMatch(a -> a.equals(name) || a.startsWith(name + "="));
        return !typed && command.getCommandSpec().defaultValueProvider() instanceof ConfLayers layers
                ? layers.find(OptionNames.key(option))
                        .map(found -> " in " + found.origin())
                        .orElse("")
                : "";
    }

    private static String expected(OptionSpec option) {
        Class<?> type = option.type();
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        return type == Integer.class || type == Long.class || type == int.class || type == long.class
                ? "a whole number"
                : option.paramLabel();
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String quoted(String value) {
        return "\"" + value + "\"";
    }
}
