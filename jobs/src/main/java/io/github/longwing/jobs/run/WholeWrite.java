package io.github.longwing.jobs.run;

import io.github.longwing.jobs.commit.RowIdentity;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.JobFailure;
import io.github.longwing.jobs.console.ProgressDisplay;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Verbosity;
import io.github.longwing.jobs.input.Documents;
import io.github.longwing.jobs.output.ResultOutput;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.executor.DocumentSpread;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.progress.JobTotals;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;

/** Computes all rows and writes them at once, for an output that takes no slices, or a session that tells little. */
record WholeWrite(RunEnvironment environment, Job.Ready job, Documents documents, ResultOutput output) {

    PassEnd write() {
        JobSession session = environment.session();
        JobGroup group = environment.group();
        RowUnit unit = job.unit(documents.rows());
        ProgressDisplay display = new ProgressDisplay(
                environment.terminal(), environment.options().verbosity(), unit, all(unit), Optional.empty());
        Observation observation = new Observation();
        environment.interruption().beginWriting(group::cancel);
        try (JobProgress progress =
                session.context().map(JobProgress::registered).orElseGet(JobProgress::none)) {
            JobWatch watch = JobWatch.start(
                    progress,
                    display,
                    environment.options().maxErrors(),
                    Optional.empty(),
                    unit,
                    group::cancel,
                    group::cancel);
            try (watch) {
                Dataset<Row> result = job.result(
                        documents.rows(),
                        rows -> environment.ordered(job.identity(), spread(job.identity(), rows)),
                        environment.isolation(),
                        StopSignal.none(),
                        progress);
                output.write(session.context().isPresent() ? result : job.observe(result, observation));
            } catch (Exception e) { // also SparkException, which Scala does not declare
                group.end(); // its tasks may still write to the output
                String standing = output.afterFailure();
                if (environment.isInterrupted()) {
                    environment.terminal().err().println("Interrupted: " + standing);
                    return new PassEnd(ExitStatus.FAILED, PassEnd.Kind.STOPPED, standing);
                }
                throw watch.failed(e, standing);
            }
            JobTotals totals = session.context().isPresent() ? progress.finished() : totals(observation);
            String line = ProgressLine.closing(totals, unit, watch.elapsed(), output.description());
            environment.report(documents, line);
            environment.failOnErrors(totals, unit, output);
            return new PassEnd(ExitStatus.OK, PassEnd.Kind.COMPLETE, line);
        }
    }

    private Dataset<Row> spread(RowIdentity identity, Dataset<Row> rows) {
        return switch (environment.options().equalTexts()) {
            case EACH -> InputColumns.askEach(DocumentSpread.balanced(rows));
            case ONCE ->
                identity.together(
                        InputColumns.askEach(rows),
                        Integer.parseInt(environment.session().spark().conf().get("spark.sql.shuffle.partitions")));
        };
    }

    /** How many rows there will be; questions are not counted, since that would read them all. */
    private OptionalLong all(RowUnit unit) {
        return environment.options().verbosity() == Verbosity.NORMAL && unit == RowUnit.DOCUMENT
                ? documents.count()
                : OptionalLong.empty();
    }

    private static JobTotals totals(Observation observation) {
        try {
            Map<String, Object> metrics = observation.getAsJava();
            return new JobTotals(
                    (Long) metrics.get("documents"),
                    (Long) metrics.get("errors"),
                    (Long) metrics.get("input_tokens"),
                    (Long) metrics.get("output_tokens"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobFailure("Cannot count what was done: the thread was interrupted", e);
        }
    }
}
