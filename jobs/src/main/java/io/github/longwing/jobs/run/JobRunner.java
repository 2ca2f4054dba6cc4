package io.github.longwing.jobs.run;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.Change;
import io.github.longwing.jobs.commit.Continuation;
import io.github.longwing.jobs.commit.OutputRun;
import io.github.longwing.jobs.commit.RowIdentity;
import io.github.longwing.jobs.commit.RunRecord;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.JobFailure;
import io.github.longwing.jobs.console.ProgressDisplay;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.console.Verbosity;
import io.github.longwing.jobs.input.Documents;
import io.github.longwing.jobs.input.InputReader;
import io.github.longwing.jobs.options.ErrorLimit;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.output.ResultOutput;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.executor.DocumentSpread;
import io.github.longwing.spark.executor.ExecutorLosses;
import io.github.longwing.spark.executor.MemoryBudget;
import io.github.longwing.spark.executor.Stops;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.progress.JobTotals;
import io.github.longwing.store.ModelDirectory;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a job from its input to its output. All checks come before any task runs, the cheap ones first. */
public final class JobRunner {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    /** Where bin/longwing, which has started this process again, says how the last one ended. */
    private static final String DEATH = "LONGWING_ENDED";

    private final Terminal terminal;
    private final JobOptions options;

    public JobRunner(Terminal terminal, JobOptions options) {
        this.terminal = terminal;
        this.options = options;
    }

    public ExitStatus run(Job job) {
        try (JobSession session = JobSession.open(options.spark(), "longwing " + job.name())) {
            return run(job, session);
        }
    }

    /** In a session that is open already; its options must be checked. */
    public ExitStatus run(Job job, JobSession session) {
        try (JobGroup group = JobGroup.open(session.context());
                Interruption interruption = Interruption.ends(group, session.ownership())) {
            try {
                return run(job, session, group, interruption);
            } catch (Exception e) { // also SparkException, which Scala does not declare
                group.end();
                if (interruption.state() == Interruption.State.UNDER_WAY
                        && interruption.phase() == Interruption.Phase.PREPARING) {
                    terminal.err().println("Interrupted: nothing was written");
                    return ExitStatus.FAILED;
                }
                throw e;
            }
        }
    }

    private ExitStatus run(Job job, JobSession session, JobGroup group, Interruption interruption) {
        Optional<ResultOutput> output = options.output()
                .map(target ->
                        ResultOutput.check(session, target, options.mode(), options.partitionBy(), options.reads()));
        if (output.filter(ResultOutput::isIgnored).isPresent()) {
            terminal.out().println(output.get().description() + " exists already; nothing was done (--mode ignore)");
            return ExitStatus.OK;
        }
        InputReader reader = new InputReader(session, job.columns());
        if (options.runMode() == JobOptions.RunMode.RUN && !options.changes().contains(Change.ERRORS)) {
            Optional<ExitStatus> done = output.flatMap(o -> withoutReading(job, reader, o, session));
            if (done.isPresent()) {
                return done.get();
            }
        }
        Documents documents = reader.read(options.input(), options.limit());
        output.ifPresent(o -> o.checkSchema(job.schema(documents.rows())));
        try (Job.Ready ready = job.prepare()) {
            output.ifPresent(o -> o.checkRows(
                    ready.schema(documents.rows()),
                    ModelDirectory.label(ready.model().files())));
            say("longwing " + job.name());
            ready.options().lines().forEach(this::say);
            ready.model().notes().forEach(this::say);
            checkMemory(job, ready.model(), session);
            return switch (options.runMode()) {
                case DRY_RUN -> {
                    new DryRun(terminal, session).show(documents, ready);
                    yield ExitStatus.OK;
                }
                case RUN -> run(ready, documents, output.orElseThrow(), session, group, interruption);
            };
        }
    }

    /** Where the last run of this output is complete and read the same files, this one ends without reading them again. */
    private Optional<ExitStatus> withoutReading(Job job, InputReader reader, ResultOutput output, JobSession session) {
        Optional<Documents> unread = session.context()
                .flatMap(context -> output.completedInput(options.limit().orElse(0)))
                .flatMap(known -> reader.unread(options.input(), known::columnsOf));
        if (unread.isEmpty()) {
            return Optional.empty();
        }
        try (Job.Ready ready = job.prepare()) {
            Documents documents = unread.get();
            Optional<OutputRun> opened = output.open(plan(ready, documents), this::say);
            try (OutputRun run = opened.orElseThrow()) {
                return run.continuation() == Continuation.COMPLETE
                        ? Optional.of(alreadyComplete(run, ready.unit(documents.rows()), output))
                        : Optional.empty();
            }
        }
    }

    private OutputRun.Plan plan(Job.Ready job, Documents documents) {
        return new OutputRun.Plan(
                job.settings(documents.rows()),
                documents.files(),
                options.limit().orElse(0),
                options.changes(),
                documents.rows().schema(),
                job.schema(documents.rows()),
                options.partitionBy(),
                job.keys(documents.rows()),
                job.columns().resultPrefix(),
                options.sliceTime());
    }

    private ExitStatus run(
            Job.Ready job,
            Documents documents,
            ResultOutput output,
            JobSession session,
            JobGroup group,
            Interruption interruption) {
        if (session.context().isEmpty()) {
            return writeAtOnce(job, documents, output, session, group, interruption);
        }
        Optional<OutputRun> opened = output.open(plan(job, documents), this::say);
        if (opened.isEmpty()) {
            if (options.stopAfter().isPresent()) {
                throw new UserException("Cannot use --stop-after with " + output.description()
                        + ": its rows are written all at once, expected an output that takes slices; write files with"
                        + " --output");
            }
            return writeAtOnce(job, documents, output, session, group, interruption);
        }
        ExitStatus status;
        boolean complete;
        try (OutputRun run = opened.get()) {
            RunLabel.begin(run.id(), session.context().orElseThrow());
            status = run.continuation() == Continuation.COMPLETE
                    ? alreadyComplete(run, job.unit(documents.rows()), output)
                    : writeSlices(run, job, documents, output, session, group, interruption);
            complete = run.isComplete();
        } finally {
            RunLabel.end(session.context().orElseThrow());
        }
        if (complete) {
            output.publish();
        }
        return status;
    }

    /** By the longest window that the options allow. */
    private void checkMemory(Job job, ModelSummary model, JobSession session) {
        session.context().ifPresent(context -> {
            MemoryCheck memory = MemoryCheck.of(model, model.windows().limit(), context.conf());
            if (context.isLocal() || memory.budget().origin() != MemoryBudget.Origin.MACHINE) {
                memory.require(job.name()); // executors without containers may have another machine than this one
            }
            if (options.runMode() == JobOptions.RunMode.RUN) { // a dry run knows the longest document
                say(memory.sentence());
            }
        });
    }

    private ExitStatus alreadyComplete(OutputRun run, RowUnit unit, ResultOutput output) {
        terminal.out()
                .println(output.description() + " is complete: " + ProgressLine.count(run.documents(), unit.noun())
                        + " (" + ProgressLine.count(run.errors(), "error") + "); nothing was left to do");
        return ExitStatus.OK;
    }

    private ExitStatus writeSlices(
            OutputRun run,
            Job.Ready job,
            Documents documents,
            ResultOutput output,
            JobSession session,
            JobGroup group,
            Interruption interruption) {
        RowUnit unit = job.unit(documents.rows());
        OptionalLong rows = unit == RowUnit.DOCUMENT ? documents.count() : OptionalLong.empty();
        if (run.continuation() == Continuation.INCOMPLETE) {
            say("Going on with " + output.description() + ": " + ProgressLine.count(run.documents(), unit.noun())
                    + " in " + ProgressLine.count(run.slicesCommitted(), "slice") + " are committed");
        }
        long committedBefore = run.documents();
        OptionalLong all = rows.isPresent()
                ? OptionalLong.of(Math.max(0, rows.getAsLong() - committedBefore))
                : OptionalLong.empty();
        ProgressDisplay display = new ProgressDisplay(terminal, options.verbosity(), unit, all, Optional.of(run.id()));
        display.followSlices(run::slicesCommitted);
        SparkContext context = session.context().orElseThrow();
        StopSignal stop = run.stopSignal(context.isLocal());
        interruption.beginWriting(() -> Stops.request(stop));
        Optional.ofNullable(System.getenv(DEATH)).ifPresent(run::noteDeath);
        try (JobProgress progress = JobProgress.registered(context);
                ExecutorLosses losses = ExecutorLosses.watch(context, run.markers())) {
            JobWatch watch = JobWatch.start(
                    progress,
                    display,
                    options.maxErrors(),
                    options.stopAfter(),
                    unit,
                    group::cancel,
                    () -> Stops.request(stop));
            try (watch) {
                LOG.debug("Run {} watches {}", run.id(), losses);
                boolean done = false;
                while (!done) {
                    try {
                        UnaryOperator<Dataset<Row>> selection =
                                run.selection(job.identity(), all.orElse(-1), context.defaultParallelism());
                        Dataset<Row> result = job.result(
                                documents.rows(),
                                input -> ordered(job.identity(), selection.apply(input)),
                                run.isolate(isolation(), context.isLocal()),
                                stop,
                                progress);
                        run.write(result, () -> Stops.isSet(stop));
                        done = true;
                    } catch (Exception e) { // also SparkException, which Scala does not declare
                        boolean again = !(e instanceof UserException)
                                && interruption.state() == Interruption.State.NONE
                                && watch.abortReason().isEmpty()
                                && group.end()
                                && run.beginsAgain();
                        if (!again) {
                            throw e;
                        }
                        LOG.warn("An attempt of run {} failed", run.id(), e);
                        say(ProgressLine.count(run.marked(), "document")
                                + " ended the process that ran them; going on, each document alone");
                        group.begin();
                    }
                }
                if (!Stops.isSet(stop)) {
                    run.complete();
                }
            } catch (Exception e) { // also SparkException, which Scala does not declare
                group.end(); // its tasks may still write to the stage
                Stops.forget(stop);
                String standing = standing(run, unit, output);
                if (interruption.state() == Interruption.State.UNDER_WAY) {
                    end(run, RunRecord.State.STOPPED);
                    terminal.err().println("Interrupted: " + standing);
                    return ExitStatus.FAILED;
                }
                end(run, RunRecord.State.FAILED);
                throw failed(e, watch, standing);
            }
            Stops.forget(stop);
            if (!run.isComplete()) {
                end(run, RunRecord.State.STOPPED);
                boolean interrupted = interruption.state() == Interruption.State.UNDER_WAY;
                (interrupted ? terminal.err() : terminal.out())
                        .println((interrupted ? "Interrupted: " : "Stopped by --stop-after: ")
                                + standing(run, unit, output));
                return interrupted ? ExitStatus.FAILED : ExitStatus.OK;
            }
            JobTotals totals = progress.finished();
            documents.account().ifPresent(account -> terminal.out().println(account.line()));
            terminal.out().println(ProgressLine.closing(totals, unit, watch.elapsed(), output.description()));
            if (committedBefore > 0) {
                terminal.out()
                        .println("With earlier runs it has " + ProgressLine.count(run.documents(), unit.noun()) + " ("
                                + ProgressLine.count(run.errors(), "error") + ")");
            }
            failOnErrors(totals, options.maxErrors(), unit, output);
            return ExitStatus.OK;
        }
    }

    private Isolation isolation() {
        return options.documentTimeout().map(Isolation.none()::withTimeout).orElse(Isolation.none());
    }

    private static String standing(OutputRun run, RowUnit unit, ResultOutput output) {
        return run.documents() == 0 && !run.isPending()
                ? output.afterFailure()
                : ProgressLine.count(run.documents(), unit.noun()) + (run.documents() == 1 ? " is" : " are")
                        + " committed to " + output.description()
                        + "; the same command goes on with the rest";
    }

    /** What cannot be noted does not hide why the run ended. */
    private static void end(OutputRun run, RunRecord.State state) {
        try {
            run.end(state);
        } catch (IOException | RuntimeException e) {
            LOG.warn("Cannot note in the output how run {} ended", run.id(), e);
        }
    }

    private ExitStatus writeAtOnce(
            Job.Ready job,
            Documents documents,
            ResultOutput output,
            JobSession session,
            JobGroup group,
            Interruption interruption) {
        RowUnit unit = job.unit(documents.rows());
        ProgressDisplay display =
                new ProgressDisplay(terminal, options.verbosity(), unit, all(documents, unit), Optional.empty());
        Observation observation = new Observation();
        interruption.beginWriting(group::cancel);
        try (JobProgress progress =
                session.context().map(JobProgress::registered).orElseGet(JobProgress::none)) {
            JobWatch watch = JobWatch.start(
                    progress, display, options.maxErrors(), Optional.empty(), unit, group::cancel, group::cancel);
            try (watch) {
                Dataset<Row> result = job.result(
                        documents.rows(),
                        input -> ordered(job.identity(), spread(job.identity(), input, session)),
                        isolation(),
                        StopSignal.none(),
                        progress);
                output.write(session.context().isPresent() ? result : job.observe(result, observation));
            } catch (Exception e) { // also SparkException, which Scala does not declare
                group.end(); // its tasks may still write to the output
                if (interruption.state() == Interruption.State.UNDER_WAY) {
                    terminal.err().println("Interrupted: " + output.afterFailure());
                    return ExitStatus.FAILED;
                }
                throw failed(e, watch, output.afterFailure());
            }
            JobTotals totals = session.context().isPresent() ? progress.finished() : totals(observation);
            documents.account().ifPresent(account -> terminal.out().println(account.line()));
            terminal.out().println(ProgressLine.closing(totals, unit, watch.elapsed(), output.description()));
            failOnErrors(totals, options.maxErrors(), unit, output);
            return ExitStatus.OK;
        }
    }

    private Dataset<Row> ordered(RowIdentity identity, Dataset<Row> rows) {
        return switch (options.order()) {
            case AS_GIVEN -> rows;
            case LONGEST_FIRST -> identity.longestFirst(rows);
        };
    }

    private Dataset<Row> spread(RowIdentity identity, Dataset<Row> rows, JobSession session) {
        return switch (options.equalTexts()) {
            case EACH -> InputColumns.askEach(DocumentSpread.balanced(rows));
            case ONCE ->
                identity.together(
                        InputColumns.askEach(rows),
                        Integer.parseInt(session.spark().conf().get("spark.sql.shuffle.partitions")));
        };
    }

    /** How many rows there will be; questions are not counted, since that would read them all. */
    private OptionalLong all(Documents documents, RowUnit unit) {
        return switch (options.verbosity()) {
            case NORMAL -> unit == RowUnit.DOCUMENT ? documents.count() : OptionalLong.empty();
            case QUIET -> OptionalLong.empty();
        };
    }

    private static RuntimeException failed(Exception e, JobWatch watch, String state) {
        if (e instanceof UserException user) {
            return user;
        }
        String sentence = watch.abortReason().orElseGet(() -> Failures.sentence(e));
        return new JobFailure(sentence + "; " + state, e);
    }

    private static void failOnErrors(JobTotals totals, ErrorLimit limit, RowUnit unit, ResultOutput output) {
        if (limit.isExceededBy(totals)) {
            throw new JobFailure(limit.sentence(totals, unit.noun()) + "; " + output.description()
                    + " is complete and its column error says why; "
                    + "once that is mended, run again with --retry-errors");
        }
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

    private void say(String line) {
        if (options.verbosity() == Verbosity.NORMAL) {
            terminal.err().println(line);
        }
    }
}
