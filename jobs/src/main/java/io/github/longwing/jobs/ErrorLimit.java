package io.github.longwing.jobs;

import io.github.longwing.spark.JobTotals;
import java.util.OptionalLong;

/** How many documents may fail before the job does; empty for any number. */
record ErrorLimit(OptionalLong most) {
    boolean isExceededBy(JobTotals totals) {
        return most.isPresent() && totals.errors() > most.getAsLong();
    }

    String sentence(JobTotals totals) {
        return "Cannot accept the result: " + ProgressLine.number(totals.errors()) + " of "
                + ProgressLine.count(totals.documents(), "document") + " failed so far, expected at most "
                + most.orElseThrow() + " (--max-errors)";
    }
}
