package io.github.longwing.spark.sql;

import static scala.jdk.javaapi.OptionConverters.toJava;

import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.task.SparkTask;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;

/** The model that the settings of a session or a cluster name for SQL functions. */
public final class SessionModel {
    /** A location as {@link ModelReference} has it, for the functions whose own setting names none. */
    public static final String OF_ALL = "spark.longwing.model";

    private SessionModel() {}

    /**
     * The model that the task's own setting names, else {@value #OF_ALL}, else the one that the jar carries.
     *
     * @param context null on the driver, where Spark evaluates constants
     * @throws UserException if no setting names a model and the jar carries none for the task
     */
    static ModelReference find(SparkTask<?, ?> task, TaskContext context) {
        return find(task, setting -> value(setting, context));
    }

    /** The same with settings that the caller looks up, on the driver. */
    static ModelReference find(SparkTask<?, ?> task, Function<String, Optional<String>> settings) {
        ModelReference named = settings.apply(task.modelSetting())
                .or(() -> settings.apply(OF_ALL))
                .map(ModelReference::at)
                .orElseGet(ModelReference::embedded);
        return task.model(named, "set " + task.modelSetting() + " in the session or for the cluster");
    }

    private static Optional<String> value(String setting, TaskContext context) {
        if (context != null) {
            return Optional.ofNullable(context.getLocalProperty(setting)) // Spark sends the session's settings along
                    .or(() -> Optional.ofNullable(SparkEnv.get().conf().get(setting, null)));
        }
        return toJava(SparkSession.getActiveSession())
                .flatMap(session -> toJava(session.conf().getOption(setting)));
    }
}
