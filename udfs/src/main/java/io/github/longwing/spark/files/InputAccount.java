package io.github.longwing.spark.files;

import io.github.longwing.spark.files.FileListing.LeftOut;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What became of everything that an input holds.
 *
 * @param filesRead how many files are read
 * @param leftOut how many are not, by reason; both together are all that were found
 * @param records how many records the files hold, where they were counted
 * @param malformed those among the records that become error rows because they cannot be read
 * @param madeStrings columns that are kept as strings, since the type that their values suggest would change one
 * @param limit how many documents a job takes at most, where that is less than all; the other numbers are of the whole input
 */
public record InputAccount(
        long filesRead,
        Map<LeftOut, Long> leftOut,
        OptionalLong records,
        long malformed,
        List<String> madeStrings,
        OptionalLong limit) {
    public InputAccount {
        leftOut = leftOut.isEmpty() ? Map.of() : new EnumMap<>(leftOut);
        madeStrings = List.copyOf(madeStrings);
    }

    /** Of an input that is taken whole. */
    public InputAccount(
            long filesRead,
            Map<LeftOut, Long> leftOut,
            OptionalLong records,
            long malformed,
            List<String> madeStrings) {
        this(filesRead, leftOut, records, malformed, madeStrings, OptionalLong.empty());
    }

    /** Of the same input, where a job takes no more than its first documents. */
    public InputAccount limitedTo(long most) {
        long all = records.orElse(filesRead);
        return most >= all
                ? this
                : new InputAccount(filesRead, leftOut, records, malformed, madeStrings, OptionalLong.of(most));
    }

    public long filesLeftOut() {
        return leftOut.values().stream().mapToLong(Long::longValue).sum();
    }

    public long filesFound() {
        return filesRead + filesLeftOut();
    }

    /** The records that could be read, where they were counted. */
    public OptionalLong recordsRead() {
        return records.isPresent() ? OptionalLong.of(records.getAsLong() - malformed) : OptionalLong.empty();
    }

    /** One line for people. */
    public String line() {
        StringBuilder line = new StringBuilder("Input: ")
                .append(count(filesFound(), "file"))
                .append(" found, ")
                .append(number(filesRead))
                .append(" read");
        if (!leftOut.isEmpty()) {
            line.append(", ")
                    .append(number(filesLeftOut()))
                    .append(" left out (")
                    .append(leftOut.entrySet().stream()
                            .map(e -> number(e.getValue()) + " " + e.getKey().words())
                            .collect(Collectors.joining(", ")))
                    .append(')');
        }
        if (records.isPresent()) {
            line.append("; ")
                    .append(count(records.getAsLong(), "record"))
                    .append(" found, ")
                    .append(number(recordsRead().getAsLong()))
                    .append(" read, ")
                    .append(number(malformed))
                    .append(" malformed");
        }
        if (!madeStrings.isEmpty()) {
            line.append("; kept as strings, since a number would change otherwise: ")
                    .append(String.join(", ", madeStrings));
        }
        limit.ifPresent(
                most -> line.append("; of all these --limit takes the first ").append(number(most)));
        return line.toString();
    }

    private static String count(long value, String noun) {
        return number(value) + " " + noun + (value == 1 ? "" : "s");
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
