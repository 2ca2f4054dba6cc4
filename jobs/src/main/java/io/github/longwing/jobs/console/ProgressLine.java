package io.github.longwing.jobs.console;

import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.progress.InFlight;
import io.github.longwing.spark.progress.JobTotals;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** The lines about the progress and the end of a job. */
public final class ProgressLine {
    /** Columns of a document's id. */
    private static final int MAX_ID = 60;

    private ProgressLine() {}

    /**
     * How far a job is.
     *
     * @param all documents that there will be, where that is known
     * @param slices committed to the output, where it takes slices
     * @param oldest document under way
     */
    public record Heartbeat(
            JobTotals totals, OptionalLong all, OptionalInt slices, Optional<InFlight> oldest, Duration elapsed) {}

    /**
     * The progress of a job: documents, errors, tokens per second, the time left where the number of documents is known,
     * slices, and the oldest document under way, which tells slow from stuck.
     */
    public static String underWay(Heartbeat beat, RowUnit unit) {
        JobTotals totals = beat.totals();
        StringJoiner line = new StringJoiner(", ");
        line.add(
                beat.all().isPresent()
                        ? number(totals.documents()) + " of " + count(beat.all().getAsLong(), unit.noun())
                        : count(totals.documents(), unit.noun()));
        if (totals.errors() > 0) {
            line.add(count(totals.errors(), "error"));
        }
        line.add(number(perSecond(totals.inputTokens(), beat.elapsed())) + " tokens/s read");
        if (totals.outputTokens() > 0) { // most tasks generate none
            line.add(number(perSecond(totals.outputTokens(), beat.elapsed())) + " tokens/s written");
        }
        timeLeft(totals, beat.all(), beat.elapsed())
                .ifPresent(seconds -> line.add(time(Duration.ofSeconds(seconds)) + " left"));
        beat.slices().ifPresent(slices -> line.add(count(slices, "slice") + " committed"));
        beat.oldest()
                .ifPresent(document -> line.add("oldest " + within(DisplayText.escape(document.id()), MAX_ID) + " for "
                        + time(document.age()) + ", " + document.stage()));
        return line.toString();
    }

    /** The beginning of a line that has no room. */
    public static String within(String line, int columns) {
        return DisplayText.wrap(line, Math.max(columns, 1), 1).get(0);
    }

    /** The closing summary of a job. */
    public static String closing(JobTotals totals, RowUnit unit, Duration elapsed, String output) {
        return count(totals.documents(), unit.noun()) + " (" + count(totals.errors(), "error")
                + (totals.copies() > 0 ? ", " + number(totals.copies()) + " with the text of another" : "") + "), "
                + number(totals.inputTokens()) + " input tokens"
                + (totals.outputTokens() > 0 ? " and " + number(totals.outputTokens()) + " output tokens" : "")
                + " in "
                + String.format(Locale.ROOT, "%.1f", elapsed.toMillis() / 1000.0) + " s, written to " + output;
    }

    public static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    public static String count(long value, String noun) {
        return number(value) + " " + noun + (value == 1 ? "" : "s");
    }

    /** A duration, with fewer details the longer it is. */
    public static String time(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    private static OptionalLong timeLeft(JobTotals totals, OptionalLong all, Duration elapsed) {
        if (all.isEmpty() || totals.documents() == 0 || totals.documents() > all.getAsLong()) {
            return OptionalLong.empty();
        }
        double secondsEach = elapsed.toMillis() / 1000.0 / totals.documents();
        return OptionalLong.of(Math.round(secondsEach * (all.getAsLong() - totals.documents())));
    }

    private static long perSecond(long tokens, Duration elapsed) {
        return elapsed.isZero() ? 0 : Math.round(tokens * 1000.0 / Math.max(1, elapsed.toMillis()));
    }
}
