package io.github.longwing.jobs.run;

import io.github.longwing.jobs.commit.RowIdentity;
import io.github.longwing.jobs.console.JobFailure;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.console.Verbosity;
import io.github.longwing.jobs.input.Documents;
import io.github.longwing.jobs.options.ErrorLimit;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.output.ResultOutput;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.progress.JobTotals;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What all parts of a running job share.
 *
 * @param group of the Spark jobs that the thread of the command starts
 */
record RunEnvironment(
        Terminal terminal, JobOptions options, JobSession session, JobGroup group, Interruption interruption) {

    /** Tells the user what goes on, unless told to be quiet. */
    void say(String line) {
        if (options.verbosity() == Verbosity.NORMAL) {
            terminal.err().println(line);
        }
    }

    boolean isInterrupted() {
        return interruption.state() == Interruption.State.UNDER_WAY;
    }

    Isolation isolation() {
        return options.documentTimeout().map(Isolation.none()::withTimeout).orElse(Isolation.none());
    }

    /** The documents of each task in the order in which they are begun. */
    Dataset<Row> ordered(RowIdentity identity, Dataset<Row> rows) {
        return switch (options.order()) {
            case AS_GIVEN -> rows;
            case LONGEST_FIRST -> identity.longestFirst(rows);
        };
    }

    /** What became of the files, and the closing line. */
    void report(Documents documents, String line) {
        documents.account().ifPresent(account -> terminal.out().println(account.line()));
        terminal.out().println(line);
    }

    /** After all is written: whether the user bears so many errors. */
    void failOnErrors(JobTotals totals, RowUnit unit, ResultOutput output) {
        ErrorLimit limit = options.maxErrors();
        if (limit.isExceededBy(totals)) {
            throw new JobFailure(limit.sentence(totals, unit.noun()) + "; " + output.description()
                    + " is complete and its column error says why; "
                    + "once that is mended, run again with --retry-errors");
        }
    }
}
