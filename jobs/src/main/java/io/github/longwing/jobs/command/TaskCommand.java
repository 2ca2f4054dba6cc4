package io.github.longwing.jobs.command;

import io.github.longwing.jobs.conf.ResolvedOptions;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.options.JobOptions.RunMode;
import io.github.longwing.jobs.run.Job;
import io.github.longwing.jobs.run.JobRunner;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.executor.DocumentSpread;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.task.SparkTask;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The command of a task: reads documents, runs the task on them and writes Parquet. {@link TaskArguments} say what is
 * special about the task.
 *
 * @param <S> the options of the task
 * @param <T> its output
 */
public final class TaskCommand<S extends Serializable, T> implements JobCommand, Callable<Integer> {
    private final TaskArguments<S, T> arguments;
    private final Terminal terminal;
    private final Backend backend;
    private final JobOptions options = new JobOptions();
    private CommandSpec spec;

    TaskCommand(TaskArguments<S, T> arguments, Terminal terminal, Backend backend) {
        this.arguments = arguments;
        this.terminal = terminal;
        this.backend = backend;
    }

    /** The commands of all tasks. */
    public static List<CommandLine> all(Terminal terminal, Backend backend) {
        return TaskArguments.all().stream()
                .map(arguments -> of(arguments, terminal, backend))
                .toList();
    }

    static CommandLine of(TaskArguments<?, ?> arguments, Terminal terminal, Backend backend) {
        TaskCommand<?, ?> command = new TaskCommand<>(arguments, terminal, backend);
        return command.commandLine(command);
    }

    /** The options of the job as those of a command, this one or one that runs the job as a part of its work. */
    CommandLine commandLine(JobCommand command) {
        String name = arguments.task().name();
        spec = CommandSpec.wrapWithoutInspection(command);
        spec.addMixin("job", CommandSpec.forAnnotatedObject(options));
        spec.addMixin("task", CommandSpec.forAnnotatedObject(arguments));
        arguments.addSharedOptions(spec);
        spec.name(name)
                .usageMessage()
                .sortOptions(false)
                .customSynopsis("longwing " + name
                        + (arguments.task().carriedModel() == null ? " --model MODEL" : "")
                        + " --input PATH --output PATH [OPTION...]");
        return new CommandLine(spec);
    }

    @Override
    public JobOptions options() {
        return options;
    }

    public SparkTask<S, T> task() {
        return arguments.task();
    }

    /** The columns that the job reads. */
    DocumentColumns columns() {
        return arguments.columns(options.columns());
    }

    @Override
    public Integer call() {
        Job job = job();
        return new JobRunner(terminal, options).run(job).code();
    }

    /** The job that the parsed command line asks for. */
    public Job job() {
        options.check();
        return job(options.runMode());
    }

    /**
     * The result for documents that the caller has in a session; lazy, but for a look at how many documents there are.
     * Reads the configuration of the model and not its weights.
     */
    public Dataset<Row> result(Dataset<Row> documents) {
        Isolation isolation =
                options.documentTimeout().map(Isolation.none()::withTimeout).orElse(Isolation.none());
        UnaryOperator<Dataset<Row>> spread =
                documents.isStreaming() ? UnaryOperator.identity() : DocumentSpread::balanced;
        try (Job.Ready ready = job(RunMode.DRY_RUN).prepare()) {
            return ready.result(
                    documents,
                    rows -> InputColumns.askEach(spread.apply(rows)),
                    isolation,
                    StopSignal.none(),
                    JobProgress.none());
        }
    }

    /**
     * Computes the rows of documents that the caller has in a session, and commits those to the output that it lacks. Nothing
     * is done for no documents.
     */
    public ExitStatus commit(Dataset<Row> documents) {
        options.checkGiven();
        boolean isKept = !documents.storageLevel().equals(StorageLevel.NONE());
        // read several times: a batch of a stream may be another one then, or cost as much again
        Dataset<Row> kept = isKept ? documents : documents.persist(StorageLevel.MEMORY_AND_DISK());
        try {
            return kept.isEmpty()
                    ? ExitStatus.OK
                    : new JobRunner(terminal, options)
                            .run(
                                    job(RunMode.RUN),
                                    JobSession.in(documents.sparkSession(), options.spark()),
                                    new DocumentInput.Given(kept));
        } finally {
            if (!isKept) {
                Dataset<Row> unused = kept.unpersist();
            }
        }
    }

    private Job job(RunMode runMode) {
        TaskOptions<S> taskOptions = new TaskOptions<>(
                        model(), columns(), arguments.options(), options.onError(), InputPartitioning.BALANCED)
                .computing(options.equalTexts());
        return new TaskJob<>(
                arguments,
                taskOptions,
                runMode,
                backend,
                defaults -> ResolvedOptions.of(spec.commandLine().getParseResult(), options.layers(), defaults));
    }

    private ModelReference model() {
        return task().model(
                        options.model().reference(), "name one, such as --model /models/mine or --model owner/name");
    }
}
