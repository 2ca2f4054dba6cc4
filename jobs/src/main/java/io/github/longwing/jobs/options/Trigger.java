package io.github.longwing.jobs.options;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.options.DurationText;
import java.time.Duration;
import java.util.Locale;

/** How often a job looks at its input; named as Spark names it. */
public sealed interface Trigger {
    /** The value of the option for {@link Once}. */
    String AVAILABLE_NOW = "available-now";

    /** Once: does what is there, and ends. */
    record Once() implements Trigger {}

    /**
     * Again and again, until it is stopped.
     *
     * @param time from the beginning of one look to that of the next
     */
    record Every(Duration time) implements Trigger {}

    /** Of the value of the option. */
    static Trigger parse(String text) {
        if (text.strip().toLowerCase(Locale.ROOT).equals(AVAILABLE_NOW)) {
            return new Once();
        }
        try {
            return new Every(DurationText.parse("--trigger", text));
        } catch (UserException e) {
            throw new UserException(
                    "Cannot use --trigger " + text + ": expected " + AVAILABLE_NOW
                            + ", or a time between two looks such as 1m, 30s or 1h",
                    e);
        }
    }
}
