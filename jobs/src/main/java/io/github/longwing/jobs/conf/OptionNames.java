package io.github.longwing.jobs.conf;

import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What options are called in files of settings. */
public final class OptionNames {
    /** What only makes sense for one call, or is needed before the files are read. */
    private static final Set<String> COMMAND_LINE_ONLY =
            Set.of("conf", "conf-file", "dry-run", "help", "master", "quiet", "set", "verbose");

    private OptionNames() {}

    /** The long name without its dashes. */
    public static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    static boolean isSetting(OptionSpec option) {
        return !COMMAND_LINE_ONLY.contains(key(option));
    }

    /** Whether it changes how a command behaves and not what it computes. */
    public static boolean isSwitch(OptionSpec option) {
        return option.arity().max() == 0;
    }

    /** All keys that a command takes from files. */
    public static Set<String> settings(CommandSpec command) {
        Set<String> keys = new TreeSet<>();
        command.options().stream()
                .filter(OptionNames::isSetting)
                .map(OptionNames::key)
                .forEach(keys::add);
        return keys;
    }
}
