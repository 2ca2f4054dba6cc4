package io.github.longwing.jobs.command;

import io.github.longwing.error.UserException;
import io.github.longwing.io.FileTree;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.FileFailure;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.evaluation.Evaluation;
import io.github.longwing.jobs.evaluation.Evaluation.Origin;
import io.github.longwing.jobs.evaluation.EvaluationReport;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.options.EvaluationOptions;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.options.JobOptions.RunMode;
import io.github.longwing.jobs.output.ResultOutput;
import io.github.longwing.jobs.run.JobRunner;
import io.github.longwing.jobs.session.JobSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.spark.SparkContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures outputs of tasks by the user's own references. */
@Command(
        name = "evaluate",
        sortOptions = false,
        customSynopsis = "longwing evaluate summarize|classify|answer --reference-column NAME [OPTION...]",
        description = {
            "Scores the output of a job beside references in its input, with intervals, and simple methods beside it.",
            "Runs the job, or takes an output of an earlier run."
        })
public final class EvaluateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private EvaluateCommand() {}

    /** With a command for each task that can be evaluated. */
    public static CommandLine commandLine(Terminal terminal, Backend backend) {
        CommandLine evaluate = new CommandLine(new EvaluateCommand());
        TaskArguments.all().stream()
                .filter(arguments -> Evaluation.TASKS.contains(arguments.task().name()))
                .map(arguments -> new OfTask(new TaskCommand<>(arguments, terminal, backend), terminal).commandLine())
                .forEach(evaluate::addSubcommand);
        return evaluate;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Cannot run longwing evaluate without a task: expected evaluate "
                        + String.join(", evaluate ", Evaluation.TASKS));
    }

    /** The evaluation of one task: the options of its job, and those of the evaluation. */
    static final class OfTask implements JobCommand, Callable<Integer> {
        private final TaskCommand<?, ?> job;
        private final Terminal terminal;
        private final EvaluationOptions evaluation = new EvaluationOptions();

        private OfTask(TaskCommand<?, ?> job, Terminal terminal) {
            this.job = job;
            this.terminal = terminal;
        }

        private CommandLine commandLine() {
            CommandLine command = job.commandLine(this);
            String name = job.task().name();
            command.getCommandSpec().addMixin("evaluation", CommandSpec.forAnnotatedObject(evaluation));
            command.getCommandSpec()
                    .usageMessage()
                    .customSynopsis(
                            "longwing evaluate " + name + " --input PATH --reference-column NAME [OPTION...]",
                            "       longwing evaluate " + name
                                    + " --input PATH --reference-column NAME --against-output OUT [OPTION...]")
                    .description(
                            "Scores the output of longwing " + name
                                    + " beside references in its input, with intervals, and baselines beside it.",
                            "Runs the job with its own options, or takes an output of an earlier run."
                                    + " Options may also stand in files of settings; see --conf-file.")
                    .footer();
            return command;
        }

        @Override
        public JobOptions options() {
            return job.options();
        }

        @Override
        public Integer call() {
            evaluation.check(job.task().name());
            if (options().isStream()) {
                throw new UserException(
                        "Cannot use --stream with longwing evaluate: it scores an output that is complete,"
                                + " expected a run with an end; leave it out");
            }
            if (evaluation.againstOutput().isPresent()) {
                requireNoRun();
                options().checkInput();
                return evaluate(Place.given(evaluation.againstOutput().get(), Origin.EARLIER_RUN));
            }
            Optional<ResultOutput.Target> named = options().namedOutput();
            if (named.isPresent() || options().runMode() == RunMode.DRY_RUN) {
                return run(Place.given(named.map(ResultOutput.Target::name).orElse(""), Origin.THIS_RUN));
            }
            try (Place place = Place.temporary()) {
                options().writeTo(place.name());
                return run(place);
            }
        }

        /** Checks all that can be checked before the model runs. */
        private int run(Place place) {
            var ready = job.job();
            try (JobSession session = open()) {
                place.requireSharedBy(session);
                evaluation(session, place).check(job.task().name(), options(place));
                ExitStatus status = new JobRunner(terminal, options()).run(ready, session);
                return status == ExitStatus.OK && options().runMode() == RunMode.RUN
                        ? evaluate(session, place)
                        : status.code();
            }
        }

        private int evaluate(Place place) {
            try (JobSession session = open()) {
                evaluation(session, place).check(job.task().name(), options(place));
                return evaluate(session, place);
            }
        }

        private int evaluate(JobSession session, Place place) {
            EvaluationReport report = evaluation(session, place).run(job.task().name(), options(place));
            report.lines().forEach(terminal.out()::println);
            evaluation.report().ifPresent(file -> write(file, report.json()));
            return ExitStatus.OK.code();
        }

        private JobSession open() {
            return JobSession.open(
                    options().spark(), "longwing evaluate " + job.task().name());
        }

        /** Which documents a run with a limit took, its output alone knows. */
        private Evaluation evaluation(JobSession session, Place place) {
            OptionalLong limit =
                    switch (place.origin()) {
                        case THIS_RUN -> OptionalLong.empty();
                        case EARLIER_RUN -> options().limit();
                    };
            return new Evaluation(session, job.columns(), options().input(), limit);
        }

        private Evaluation.Options options(Place place) {
            return new Evaluation.Options(
                    evaluation.referenceColumn(),
                    place.name(),
                    place.origin(),
                    evaluation.compare(),
                    evaluation.trainInput().isEmpty() ? Optional.empty() : Optional.of(training()),
                    evaluation.baselineWords(),
                    evaluation.bootstrap(),
                    evaluation.bootstrapSeed(),
                    evaluation.scores());
        }

        /** In the format of the input. */
        private DocumentInput training() {
            return options().input() instanceof DocumentInput.Files files
                    ? new DocumentInput.Files(evaluation.trainInput(), files.format(), files.written())
                    : new DocumentInput.Files(
                            evaluation.trainInput(), Optional.empty(), options().written());
        }

        private void requireNoRun() {
            String unused = options().namedOutput().isPresent()
                    ? "an output"
                    : options().model().reference().location() != null ? "--model" : "";
            if (!unused.isEmpty()) {
                throw new UserException("Cannot use " + unused + " with --against-output "
                        + evaluation.againstOutput().orElseThrow()
                        + ": expected one of the two, since no model runs; leave one out");
            }
        }

        private static void write(Path file, String json) {
            try {
                Files.writeString(file, json + "\n");
            } catch (IOException e) {
                throw new UserException(
                        "Cannot write --report " + file + ": " + FileFailure.reason(e)
                                + ", expected a file in a directory that exists",
                        e);
            }
        }
    }

    /**
     * Where the output is that is evaluated.
     *
     * @param directory what is deleted with it; null for an output of the user's
     */
    private record Place(String name, Origin origin, Path directory) implements AutoCloseable {
        static Place given(String name, Origin origin) {
            return new Place(name, origin, null);
        }

        /** For a run whose output nobody wants to keep. */
        static Place temporary() {
            try {
                Path directory = Files.createTempDirectory("longwing-evaluate");
                return new Place(directory.resolve("output").toString(), Origin.THIS_RUN, directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** A cluster has not the directories of this machine. */
        void requireSharedBy(JobSession session) {
            boolean local = session.context().map(SparkContext::isLocal).orElse(false);
            if (directory != null && !local) {
                throw new UserException(
                        "Cannot evaluate without an output: Spark runs on a cluster, expected a place that"
                                + " all of it reaches; name it with --output PATH or --output-table NAME");
            }
        }

        @Override
        public void close() {
            if (directory != null) {
                try {
                    FileTree.delete(directory);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
