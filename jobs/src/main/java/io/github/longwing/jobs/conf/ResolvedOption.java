package io.github.longwing.jobs.conf;

/**
 * A setting as it was resolved.
 *
 * @param origin the place that gave it its value
 */
public record ResolvedOption(String name, String value, String origin) {
    static final String COMMAND_LINE = "command line";
    public static final String DEFAULT = "default";
    public static final String MODEL = "model";
}
