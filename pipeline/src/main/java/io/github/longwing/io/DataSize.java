package io.github.longwing.io;

import io.github.longwing.error.UserException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 20GB}, {@code 1.5 GiB}, {@code 500000}. */
public record DataSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?)\\s*([A-Za-z]*)");
    private static final Map<String, Long> UNITS = Map.of(
            "", 1L,
            "b", 1L,
            "kb", 1_000L,
            "mb", 1_000_000L,
            "gb", 1_000_000_000L,
            "tb", 1_000_000_000_000L,
            "kib", 1L << 10,
            "mib", 1L << 20,
            "gib", 1L << 30,
            "tib", 1L << 40);

    /**
     * Reads a size such as 20GB.
     *
     * @param name what the value is called, for messages
     */
    public static DataSize parse(String name, String text) {
        Matcher form = FORM.matcher(text.strip());
        Long unit = form.matches() ? UNITS.get(form.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new UserException("Cannot use " + name + ": it is " + text
                    + ", expected a number of bytes such as 20GB, 500MB or 1.5TiB");
        }
        BigDecimal bytes = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit));
        return new DataSize(bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
    }
}
