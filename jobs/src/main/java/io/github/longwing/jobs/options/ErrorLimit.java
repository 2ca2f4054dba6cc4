package io.github.longwing.jobs.options;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.spark.progress.JobTotals;
import java.math.BigDecimal;

/** How many documents or questions may fail before the job fails. */
public sealed interface ErrorLimit {

    /** Any number. */
    record None() implements ErrorLimit {}

    /** So many. */
    record Count(long most) implements ErrorLimit {}

    /** A share of those that are done, judged while the job runs from {@link #LEAST} documents on, and at its end. */
    record Share(BigDecimal percent) implements ErrorLimit {
        /** Fewer say little about the rest. */
        static final long LEAST = 100;
    }

    /** Of an option's value such as {@code 10} or {@code 2%}; null for none. */
    static ErrorLimit parse(String text) {
        if (text == null) {
            return new None();
        }
        try {
            String value = text.strip();
            if (value.endsWith("%")) {
                BigDecimal percent =
                        new BigDecimal(value.substring(0, value.length() - 1).strip());
                if (percent.signum() >= 0 && percent.compareTo(BigDecimal.valueOf(100)) <= 0) {
                    return new Share(percent);
                }
            } else if (Long.parseLong(value) >= 0) {
                return new Count(Long.parseLong(value));
            }
        } catch (NumberFormatException e) {
            throw wrong(text, e);
        }
        throw wrong(text, null);
    }

    private static UserException wrong(String text, Exception cause) {
        return new UserException(
                "Cannot use --max-errors " + text + ": expected a number of at least 0, or a share from 0% to 100%;"
                        + " leave it out for any number",
                cause);
    }

    /** Whether a job that is under way has failed. */
    default boolean isExceededSoFar(JobTotals totals) {
        return isExceededBy(totals) && !(this instanceof Share && totals.documents() < Share.LEAST);
    }

    /** Whether a job that has ended has failed. */
    default boolean isExceededBy(JobTotals totals) {
        if (this instanceof Count count) {
            return totals.errors() > count.most();
        }
        return this instanceof Share share
                && BigDecimal.valueOf(totals.errors() * 100)
                                .compareTo(share.percent().multiply(BigDecimal.valueOf(totals.documents())))
                        > 0;
    }

    /**
     * Why it has failed.
     *
     * @param noun what the job counts
     */
    default String sentence(JobTotals totals, String noun) {
        String most = this instanceof Count count
                ? String.valueOf(count.most())
                : ((Share) this).percent().toPlainString() + "%";
        return "Cannot accept the result: " + ProgressLine.number(totals.errors()) + " of "
                + ProgressLine.count(totals.documents(), noun) + " failed so far, expected at most " + most
                + " (--max-errors)";
    }
}
