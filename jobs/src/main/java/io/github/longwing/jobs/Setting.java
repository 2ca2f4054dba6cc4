package io.github.longwing.jobs;

/**
 * A setting as it was resolved.
 *
 * @param origin the place that gave it its value
 */
record Setting(String name, String value, String origin) {
    static final String COMMAND_LINE = "command line";
    static final String DEFAULT = "default";
    static final String MODEL = "model";
}
