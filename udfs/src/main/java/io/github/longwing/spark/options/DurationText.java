package io.github.longwing.spark.options;

import io.github.longwing.error.UserException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as users write them: {@code 2h}, {@code 1h30m}, {@code 45s}, {@code 1d}. */
public final class DurationText {
    private static final Pattern PARTS =
            Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,6})s)?");

    private DurationText() {}

    /** Of the value of an option; more than nothing. */
    public static Duration parse(String option, String text) {
        Matcher parts = PARTS.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (parts.matches()) {
            Duration duration = Duration.ofDays(number(parts.group(1)))
                    .plusHours(number(parts.group(2)))
                    .plusMinutes(number(parts.group(3)))
                    .plusSeconds(number(parts.group(4)));
            if (!duration.isZero()) {
                return duration;
            }
        }
        throw new UserException(
                "Cannot use " + option + " " + text + ": expected a time such as 2h, 1h30m, 45s or 1d, more than 0");
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
