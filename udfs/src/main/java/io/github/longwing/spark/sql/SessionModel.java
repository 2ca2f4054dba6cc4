package io.github.longwing.spark.sql;

import static scala.jdk.javaapi.OptionConverters.toJava;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.options.ModelReference;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.SparkSession;

/** The model that the settings of a session or a cluster name for SQL functions. */
public final class SessionModel {
    /** A location as {@link ModelReference} has it, for the functions whose own setting names none. */
    public static final String OF_ALL = "spark.longwing.model";

    private SessionModel() {}

    /** The model that this setting names, else the one for all functions, else the one that the jar carries. */
    public static ModelReference orEmbedded(String setting, TaskContext context) {
        return find(setting, context).orElseGet(ModelReference::embedded);
    }

    /** The same for a task that the model in the jar is not made for. */
    public static ModelReference required(String setting, TaskContext context) {
        return find(setting, context)
                .orElseThrow(() -> new UserException("Cannot run the function: " + setting
                        + " is not set, expected a model for this task, such as a directory or a Hub id;"
                        + " set it in the session or for the cluster"));
    }

    private static Optional<ModelReference> find(String setting, TaskContext context) {
        return value(setting, context).or(() -> value(OF_ALL, context)).map(ModelReference::at);
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
