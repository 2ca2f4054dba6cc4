package io.github.longwing.jobs.conf;

import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The names of options in properties files. */
public final class OptionNames {
    /** Options that make sense for one call only, or are needed before the files are read. */
    private static final Set<String> COMMAND_LINE_ONLY =
            Set.of("conf", "conf-file", "dry-run", "help", "master", "quiet", "set", "verbose");

    private OptionNames() {}

    /** The long name without its dashes. */
    public static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    static boolean isInFiles(OptionSpec option) {
        return !COMMAND_LINE_ONLY.contains(key(option));
    }

    /** Whether it changes how a command behaves and not what it computes. */
    public static boolean isSwitch(OptionSpec option) {
        return option.arity().max() == 0;
    }

    /** All keys that a command takes from files. */
    public static Set<String> keys(CommandSpec command) {
        Set<String> keys = new TreeSet<>();
        command.options().stream()
                .filter(OptionNames::isInFiles)
                .map(OptionNames::key)
                .forEach(keys::add);
        return keys;
    }
}
