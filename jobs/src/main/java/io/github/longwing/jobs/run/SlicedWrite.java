package io.github.longwing.jobs.run;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.Continuation;
import io.github.longwing.jobs.commit.OutputRun;
import io.github.longwing.jobs.commit.RunRecord;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.ProgressDisplay;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.input.Documents;
import io.github.longwing.jobs.output.ResultOutput;
import io.github.longwing.spark.executor.ExecutorLosses;
import io.github.longwing.spark.executor.Stops;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.progress.JobTotals;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes what an output lacks and has it committed in slices. An attempt that documents have failed, because they end the
 * process that runs them, is followed by another one with more care.
 */
final class SlicedWrite {
    private static final Logger LOG = LoggerFactory.getLogger(SlicedWrite.class);

    /** Where bin/longwing, which has started this process again, says how the last one ended. */
    private static final String DEATH = "LONGWING_ENDED";

    private final RunEnvironment environment;
    private final OutputRun run;
    private final Job.Ready job;
    private final Documents documents;
    private final ResultOutput output;
    private final RowUnit unit;
    private final SparkContext context;
    private final StopSignal stop;
    private final long committedBefore;

    /** Rows that are missing, where that is known. */
    private final OptionalLong left;

    SlicedWrite(RunEnvironment environment, OutputRun run, Job.Ready job, Documents documents, ResultOutput output) {
        this.environment = environment;
        this.run = run;
        this.job = job;
        this.documents = documents;
        this.output = output;
        this.unit = job.unit(documents.rows());
        this.context = environment.session().context().orElseThrow();
        this.stop = run.stopSignal(context.isLocal());
        this.committedBefore = run.documents();
        OptionalLong rows = unit == RowUnit.DOCUMENT ? documents.count() : OptionalLong.empty();
        this.left = rows.isPresent()
                ? OptionalLong.of(Math.max(0, rows.getAsLong() - committedBefore))
                : OptionalLong.empty();
    }

    /**
     * Writes what is left.
     *
     * @param stopAfter when to stop; empty for not before all is done
     */
    PassEnd write(Optional<Duration> stopAfter) {
        if (run.continuation() == Continuation.INCOMPLETE) {
            environment.say("Going on with " + output.description() + ": "
                    + ProgressLine.count(run.documents(), unit.noun()) + " in "
                    + ProgressLine.count(run.slicesCommitted(), "slice") + " are committed");
        }
        ProgressDisplay display = new ProgressDisplay(
                environment.terminal(), environment.options().verbosity(), unit, left, Optional.of(run.id()));
        display.followSlices(run::slicesCommitted);
        environment.interruption().beginWriting(() -> Stops.request(stop));
        Optional.ofNullable(System.getenv(DEATH)).ifPresent(run::noteDeath);
        try (JobProgress progress = JobProgress.registered(context);
                ExecutorLosses losses = ExecutorLosses.watch(context, run.markers())) {
            LOG.debug("Run {} watches {}", run.id(), losses);
            JobWatch watch = JobWatch.start(
                    progress,
                    display,
                    environment.options().maxErrors(),
                    stopAfter,
                    unit,
                    environment.group()::cancel,
                    () -> Stops.request(stop));
            try (watch) {
                writeInAttempts(progress, watch);
                if (!Stops.isSet(stop)) {
                    run.complete();
                }
            } catch (Exception e) { // also SparkException, which Scala does not declare
                return failed(e, watch);
            }
            Stops.forget(stop);
            return run.isComplete() ? complete(progress.finished(), watch.elapsed()) : stopped();
        }
    }

    private void writeInAttempts(JobProgress progress, JobWatch watch) throws IOException {
        while (true) {
            try {
                writeOnce(progress);
                return;
            } catch (Exception e) { // also SparkException, which Scala does not declare
                if (!beginsAgain(e, watch)) {
                    throw e;
                }
            }
        }
    }

    private void writeOnce(JobProgress progress) throws IOException {
        int slots = context.defaultParallelism();
        UnaryOperator<Dataset<Row>> selection =
                switch (environment.options().order()) {
                    case AS_GIVEN -> run.selection(job.identity(), left.orElse(-1), slots);
                    case LONGEST_FIRST -> run.selectionByWork(job.identity(), slots, job.model()::work);
                };
        Dataset<Row> result = job.result(
                documents.rows(),
                rows -> environment.ordered(job.identity(), selection.apply(rows)),
                run.isolate(environment.isolation(), context.isLocal()),
                stop,
                progress);
        run.write(result, () -> Stops.isSet(stop));
    }

    private boolean beginsAgain(Exception failure, JobWatch watch) {
        boolean again = !(failure instanceof UserException)
                && !environment.isInterrupted()
                && watch.abortReason().isEmpty()
                && environment.group().end()
                && run.beginsAgain();
        if (again) {
            LOG.warn("An attempt of run {} failed", run.id(), failure);
            environment.say(ProgressLine.count(run.marked(), "document")
                    + " ended the process that ran them; going on, each document alone");
            environment.group().begin();
        }
        return again;
    }

    private PassEnd failed(Exception failure, JobWatch watch) {
        environment.group().end(); // its tasks may still write to the stage
        Stops.forget(stop);
        String standing = standing();
        if (environment.isInterrupted()) {
            end(RunRecord.State.STOPPED);
            environment.terminal().err().println("Interrupted: " + standing);
            return new PassEnd(ExitStatus.FAILED, PassEnd.Kind.STOPPED, standing);
        }
        end(RunRecord.State.FAILED);
        throw watch.failed(failure, standing);
    }

    private PassEnd stopped() {
        end(RunRecord.State.STOPPED);
        boolean interrupted = environment.isInterrupted();
        String standing = standing();
        (interrupted ? environment.terminal().err() : environment.terminal().out())
                .println((interrupted ? "Interrupted: " : "Stopped by --stop-after: ") + standing);
        return new PassEnd(interrupted ? ExitStatus.FAILED : ExitStatus.OK, PassEnd.Kind.STOPPED, standing);
    }

    private PassEnd complete(JobTotals totals, Duration elapsed) {
        environment.report(documents, ProgressLine.closing(totals, unit, elapsed, output.description()));
        if (committedBefore > 0) {
            environment
                    .terminal()
                    .out()
                    .println("With earlier runs it has " + ProgressLine.count(run.documents(), unit.noun()) + " ("
                            + ProgressLine.count(run.errors(), "error") + ")");
        }
        environment.failOnErrors(totals, unit, output);
        return new PassEnd(ExitStatus.OK, PassEnd.Kind.COMPLETE, standing());
    }

    private String standing() {
        return run.documents() == 0 && !run.isPending()
                ? output.afterFailure()
                : ProgressLine.count(run.documents(), unit.noun()) + (run.documents() == 1 ? " is" : " are")
                        + " committed to " + output.description()
                        + "; the same command goes on with the rest";
    }

    /** What cannot be noted does not hide why the run ended. */
    private void end(RunRecord.State state) {
        try {
            run.end(state);
        } catch (IOException | RuntimeException e) {
            LOG.warn("Cannot note in the output how run {} ended", run.id(), e);
        }
    }
}
