package io.github.longwing.jobs.run;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.Change;
import io.github.longwing.jobs.commit.Continuation;
import io.github.longwing.jobs.commit.OutputRun;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.input.Documents;
import io.github.longwing.jobs.input.InputMark;
import io.github.longwing.jobs.input.InputReader;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.output.ResultOutput;
import io.github.longwing.spark.executor.MemoryBudget;
import io.github.longwing.store.ModelDirectory;
import java.time.Duration;
import java.util.Optional;

/**
 * A job from its input to its output, as often as it is asked to pass over the input; its model is found once. All checks
 * come before any task runs, the cheap ones first. For one thread.
 */
final class OpenJob implements AutoCloseable {
    private final RunEnvironment environment;
    private final JobOptions options;
    private final Job job;
    private final DocumentInput input;
    private final InputReader reader;

    /** Null until something asks for the model, which may have to be downloaded. */
    private Job.Ready ready;

    private boolean isTold;

    OpenJob(RunEnvironment environment, Job job, DocumentInput input) {
        this.environment = environment;
        this.options = environment.options();
        this.job = job;
        this.input = input;
        this.reader = new InputReader(environment.session(), job.columns());
    }

    DocumentInput input() {
        return input;
    }

    /** How the input stands; empty for one that does not tell whether it has changed. */
    Optional<InputMark> mark() {
        return reader.mark(input);
    }

    /** Checks what can be checked without documents. */
    void prepare() {
        Optional<ResultOutput> unused = output();
        tell(ready());
    }

    /**
     * Does what is there.
     *
     * @param stopAfter when to stop; empty for not before all is done
     */
    PassEnd pass(Optional<Duration> stopAfter) {
        Optional<ResultOutput> output = output();
        if (output.filter(ResultOutput::isIgnored).isPresent()) {
            String standing = output.get().description() + " exists already; nothing was done (--mode ignore)";
            environment.terminal().out().println(standing);
            return new PassEnd(ExitStatus.OK, PassEnd.Kind.COMPLETE, standing);
        }
        if (options.runMode() == JobOptions.RunMode.RUN && !options.changes().contains(Change.ERRORS)) {
            Optional<PassEnd> done = output.flatMap(this::withoutReading);
            if (done.isPresent()) {
                return done.get();
            }
        }
        Documents documents = reader.read(input, options.limit());
        output.ifPresent(o -> o.checkSchema(job.schema(documents.rows())));
        Job.Ready checked = ready();
        output.ifPresent(o -> o.checkRows(
                checked.schema(documents.rows()),
                ModelDirectory.label(checked.model().files())));
        tell(checked);
        return switch (options.runMode()) {
            case DRY_RUN -> {
                new DryRun(environment.terminal(), environment.session()).show(documents, checked);
                yield new PassEnd(ExitStatus.OK, PassEnd.Kind.COMPLETE, "nothing was written");
            }
            case RUN -> write(documents, output.orElseThrow(), stopAfter);
        };
    }

    private Optional<ResultOutput> output() {
        return options.output()
                .map(target -> ResultOutput.check(
                        environment.session(), target, options.mode(), options.partitionBy(), options.reads(input)));
    }

    private Job.Ready ready() {
        if (ready == null) {
            ready = job.prepare();
        }
        return ready;
    }

    private void tell(Job.Ready checked) {
        if (isTold) {
            return;
        }
        isTold = true;
        environment.say("longwing " + job.name());
        checked.options().lines().forEach(environment::say);
        checked.model().notes().forEach(environment::say);
        checkMemory(checked.model());
    }

    /** By the longest window that the options allow. */
    private void checkMemory(ModelSummary model) {
        environment.session().context().ifPresent(context -> {
            MemoryCheck memory = MemoryCheck.of(model, model.windows().limit(), context.conf());
            if (context.isLocal() || memory.budget().origin() != MemoryBudget.Origin.MACHINE) {
                memory.require(job.name()); // executors without containers may have another machine than this one
            }
            if (options.runMode() == JobOptions.RunMode.RUN) { // a dry run knows the longest document
                environment.say(memory.sentence());
            }
        });
    }

    /** Where the last run of this output is complete and read the same, this one ends without reading it again. */
    private Optional<PassEnd> withoutReading(ResultOutput output) {
        Optional<Documents> unread = environment
                .session()
                .context()
                .flatMap(context -> output.completedInput(options.limit().orElse(0)))
                .flatMap(known -> reader.unread(input, known));
        if (unread.isEmpty()) {
            return Optional.empty();
        }
        Optional<OutputRun> opened = output.open(plan(unread.get()), environment::say);
        try (OutputRun run = opened.orElseThrow()) {
            return run.continuation() == Continuation.COMPLETE
                    ? Optional.of(alreadyComplete(run, unread.get(), output))
                    : Optional.empty();
        }
    }

    private OutputRun.Plan plan(Documents documents) {
        Job.Ready checked = ready();
        return new OutputRun.Plan(
                checked.settings(documents.rows()),
                documents.files(),
                documents.version(),
                options.limit().orElse(0),
                options.changes(),
                documents.rows().schema(),
                checked.schema(documents.rows()),
                options.partitionBy(),
                checked.keys(documents.rows()),
                checked.columns().resultPrefix(),
                options.sliceTime());
    }

    private PassEnd write(Documents documents, ResultOutput output, Optional<Duration> stopAfter) {
        if (environment.session().context().isEmpty()) {
            return new WholeWrite(environment, ready(), documents, output).write();
        }
        Optional<OutputRun> opened = output.open(plan(documents), environment::say);
        if (opened.isEmpty()) {
            requireNothingOfSlices(output);
            return new WholeWrite(environment, ready(), documents, output).write();
        }
        PassEnd end;
        boolean complete;
        try (OutputRun run = opened.get()) {
            RunLabel.begin(run.id(), environment.session().context().orElseThrow());
            end = run.continuation() == Continuation.COMPLETE
                    ? alreadyComplete(run, documents, output)
                    : new SlicedWrite(environment, run, ready(), documents, output).write(stopAfter);
            complete = run.isComplete();
        } finally {
            RunLabel.end(environment.session().context().orElseThrow());
        }
        if (complete) {
            output.publish();
        }
        return end;
    }

    private void requireNothingOfSlices(ResultOutput output) {
        if (!options.ofSlices().isEmpty()) {
            throw new UserException("Cannot use " + String.join(", ", options.ofSlices()) + " with "
                    + output.description() + ": its rows are written all at once, expected an output that takes slices;"
                    + " write files with --output");
        }
    }

    private PassEnd alreadyComplete(OutputRun run, Documents documents, ResultOutput output) {
        String standing = output.description() + " is complete: "
                + ProgressLine.count(
                        run.documents(), ready().unit(documents.rows()).noun())
                + " (" + ProgressLine.count(run.errors(), "error") + "); nothing was left to do";
        environment.terminal().out().println(standing);
        return new PassEnd(ExitStatus.OK, PassEnd.Kind.COMPLETE, standing);
    }

    @Override
    public void close() {
        if (ready != null) {
            ready.close();
        }
    }
}
