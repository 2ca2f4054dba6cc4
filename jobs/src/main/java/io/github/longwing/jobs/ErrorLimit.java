package io.github.longwing.jobs;

import io.github.longwing.spark.JobTotals;
import io.github.longwing.spark.RowUnit;
import java.util.OptionalLong;

/** How many documents or questions may fail before the job does; empty for any number. */
record ErrorLimit(OptionalLong most, RowUnit unit) {
    boolean isExceededBy(JobTotals totals) {
        return most.isPresent() && totals.errors() > most.getAsLong();
    }

    String sentence(JobTotals totals) {
        return "Cannot accept the result: " + ProgressLine.number(totals.errors()) + " of "
                + ProgressLine.count(totals.documents(), unit.noun()) + " failed so far, expected at most "
                + most.orElseThrow() + " (--max-errors)";
    }
}
