package io.github.longwing.jobs.options;

import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.progress.JobTotals;
import java.util.OptionalLong;

/** How many documents or questions may fail before the job fails; empty for any number. */
public record ErrorLimit(OptionalLong max, RowUnit unit) {
    public boolean isExceededBy(JobTotals totals) {
        return max.isPresent() && totals.errors() > max.getAsLong();
    }

    public String sentence(JobTotals totals) {
        return "Cannot accept the result: " + ProgressLine.number(totals.errors()) + " of "
                + ProgressLine.count(totals.documents(), unit.noun()) + " failed so far, expected at most "
                + max.orElseThrow() + " (--max-errors)";
    }
}
