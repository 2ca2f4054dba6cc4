package io.github.longwing.spark.task;

/**
 * An option of a task as SQL functions and Spark ML take it: the name, the meaning and the default that the command line
 * has.
 *
 * @param key the name in kebab case, such as {@code num-beams}
 * @param label what stands for a value in a synopsis, such as {@code N}
 * @param range the allowed values in words
 * @param defaultText what holds where the option is left out, in words
 * @param help what it does, in whole sentences; names other options as on the command line
 */
public record NamedOption(String key, Kind kind, String label, String range, String defaultText, String help) {

    /** The type of the values. */
    public enum Kind {
        INTEGER,
        LONG,
        NUMBER,
        FLAG,
        /** A word, a list or JSON. */
        TEXT
    }

    static NamedOption integer(String key, int least, String defaultText, String help) {
        return new NamedOption(key, Kind.INTEGER, "N", "at least " + least, defaultText, help);
    }

    static NamedOption words(String key, String words, String defaultText, String help) {
        return new NamedOption(key, Kind.TEXT, words, words.replace("|", ", "), defaultText, help);
    }

    /** The meaning, the range and the default in one text. */
    public String description() {
        return help + " Allowed: " + range + ". Default: " + defaultText + ".";
    }
}
