package io.github.longwing.jobs.run;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.input.InputMark;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.options.Trigger;
import io.github.longwing.jobs.session.JobSession;

/** Runs a job from its input to its output: once, or at each trigger of a stream. */
public final class JobRunner {
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
        return run(job, session, options.input());
    }

    /** Of an input that the options need not name. */
    public ExitStatus run(Job job, JobSession session, DocumentInput input) {
        requireContextForSlices(session);
        try (JobGroup group = JobGroup.open(session.context());
                Interruption interruption = Interruption.ends(group, session.ownership())) {
            RunEnvironment environment = new RunEnvironment(terminal, options, session, group, interruption);
            try (OpenJob open = new OpenJob(environment, job, input)) {
                return run(open, environment);
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

    private ExitStatus run(OpenJob open, RunEnvironment environment) {
        if (options.runMode() == JobOptions.RunMode.DRY_RUN) {
            return open.pass(options.stopAfter()).status();
        }
        if (options.trigger() instanceof Trigger.Every every) {
            return new Triggers(environment, open, every.time()).run();
        }
        if (options.isStream() && open.mark().filter(InputMark::isEmpty).isPresent()) {
            terminal.out().println("There is nothing in " + open.input().description() + " yet; nothing was done");
            return ExitStatus.OK;
        }
        return open.pass(options.stopAfter()).status();
    }

    private void requireContextForSlices(JobSession session) {
        if (session.context().isEmpty() && !options.ofSlices().isEmpty()) {
            throw new UserException("Cannot use " + String.join(", ", options.ofSlices())
                    + ": this session gives no SparkContext, so that all rows are written at once, expected a session"
                    + " that gives one, as classic compute does; leave "
                    + (options.ofSlices().size() == 1 ? "it" : "them") + " out");
        }
    }
}
