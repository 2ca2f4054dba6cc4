package io.github.longwing.jobs.conf;

/**
 * The value of an option and where it comes from.
 *
 * @param origin such as the command line or the path of a file
 */
public record ResolvedOption(String name, String value, String origin) {
    static final String COMMAND_LINE = "command line";
    public static final String DEFAULT = "default";
    public static final String MODEL = "model";
}
