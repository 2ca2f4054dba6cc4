package io.github.longwing.jobs.options;

import io.github.longwing.error.UserException;

/** Refuses numbers outside the range of an option. */
public final class OptionRange {
    private OptionRange() {}

    public static long atLeast(String option, long value, long least) {
        if (value < least) {
            throw new UserException(
                    "Cannot use " + option + ": it is " + value + ", expected a whole number from " + least + " up");
        }
        return value;
    }

    public static int atLeast(String option, int value, int least) {
        return (int) atLeast(option, (long) value, least);
    }
}
