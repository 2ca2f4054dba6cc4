package io.github.longwing.jobs.command;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.jobs.run.VerifiedModel;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.options.DocumentColumns;
import java.io.Serializable;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The command of a task: what tells its job from those of the other tasks.
 *
 * @param <S> the settings of the task
 * @param <T> its output
 */
interface TaskCommand<S extends Serializable, T> extends JobCommand {
    CommandSpec spec();

    DocumentTransformation<S, T> transformation();

    /** Those that have what the task needs. */
    Set<Architecture> architectures();

    default DocumentColumns columns() {
        return options().columns();
    }

    /** As far as they are known without a model, which is enough for most columns. */
    S settings();

    /** The same for this model, refused where they do not fit it. */
    FittedTask<S> fit(VerifiedModel model, BigBirdPegasusConfig config);
}
