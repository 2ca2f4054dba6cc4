package io.github.longwing.jobs.command;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.task.SparkTask;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What a task adds to the command line of its job: its description, its own options, and what these mean for a model.
 * picocli fills the fields; {@link TaskCommand} does the rest, the same for all tasks.
 *
 * @param <S> the options of the task
 * @param <T> its output
 */
interface TaskArguments<S extends Serializable, T> {

    /** The tasks that have a command, in the order of the help. The one list of tasks: a new task is a line here. */
    static List<TaskArguments<?, ?>> all() {
        return List.of(
                new SummarizeArguments(),
                new ClassifyArguments(),
                new AnswerArguments(),
                new GenerateArguments(),
                new EmbedArguments());
    }

    SparkTask<S, T> task();

    /** Adds the groups of options that several tasks share, after the annotated options of this one. */
    void addSharedOptions(CommandSpec command);

    /** The columns that the job reads, with what this task reads besides. */
    default DocumentColumns columns(DocumentColumns ofJob) {
        return ofJob;
    }

    /** The options of the task as far as they are known without a model, which is enough for most columns. */
    S options();

    /**
     * The options for a model; refuses options that do not fit it.
     *
     * @param files at least the model's config.json and generation_config.json
     */
    FittedTask<S> fit(Path files, BigBirdPegasusConfig config);
}
