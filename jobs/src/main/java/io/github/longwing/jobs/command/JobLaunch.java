package io.github.longwing.jobs.command;

import io.github.longwing.config.Architecture;
import io.github.longwing.jobs.conf.ResolvedOptions;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.options.ModelOptions;
import io.github.longwing.jobs.run.JobRunner;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import java.io.Serializable;
import java.util.Set;
import picocli.CommandLine.ParseResult;

/** Runs the job of a command, the same way for every task. */
public record JobLaunch(Terminal terminal, Backend backend) {

    <S extends Serializable, T> int run(TaskCommand<S, T> command) {
        JobOptions options = command.options();
        options.check();
        TaskOptions<S> taskOptions = new TaskOptions<>(
                model(command.spec().name(), options.model(), command.architectures()),
                command.columns(),
                command.settings(),
                options.onError(),
                InputPartitioning.BALANCED);
        ParseResult parsed = command.spec().commandLine().getParseResult();
        TaskJob<S, T> job = new TaskJob<>(
                command, taskOptions, backend, defaults -> ResolvedOptions.of(parsed, options.layers(), defaults));
        return new JobRunner(terminal, options).run(job).code();
    }

    /** The jar carries a model for conditional generation. */
    private static ModelReference model(String task, ModelOptions options, Set<Architecture> architectures) {
        return architectures.contains(Architecture.CONDITIONAL_GENERATION)
                ? options.reference()
                : options.requiredFor(task, architectures.iterator().next());
    }
}
