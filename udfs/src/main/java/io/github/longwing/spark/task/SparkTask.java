package io.github.longwing.spark.task;

import io.github.longwing.config.Architecture;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.options.EmbeddedModel;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.Resources;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * A task as data: everything by which jobs, transformations and SQL functions of one task differ from those of another.
 * Two descriptions of the same name are equal, also after one of them was sent to an executor.
 *
 * @param name the verb, such as {@code summarize}: name of the command, the SQL function and the file of options
 * @param architectures the classes of models that can do it, the usual one first
 * @param carriedModel runs where the user names no model; null where the jar carries none
 * @param defaults the options of the task where the user gives none
 * @param opener opens the task on a model directory
 * @param columnsOf the result columns, which may depend on the options
 * @param sqlArguments what the SQL function takes
 * @param sqlColumns how many of the first result columns make up the value of the SQL function: one is the value itself,
 *     several are a struct
 * @param namedOptions its options by name
 * @param <S> the options of the task
 * @param <T> its output
 */
public record SparkTask<S extends Serializable, T>(
        String name,
        List<Architecture> architectures,
        EmbeddedModel carriedModel,
        S defaults,
        Opener<S, T> opener,
        ColumnsOf<S, T> columnsOf,
        SqlArguments sqlArguments,
        int sqlColumns,
        NamedOptions<S> namedOptions)
        implements Serializable {

    /** What a SQL function takes. */
    public enum SqlArguments {
        TEXT,
        QUESTION_AND_TEXT
    }

    /** Opens a task on a model directory. */
    public interface Opener<S, T> extends Serializable {
        DocumentTask<T> open(Path modelDirectory, S options, Resources resources);
    }

    /** The result columns of a task for its options. */
    public interface ColumnsOf<S, T> extends Serializable {
        TaskColumns<T> of(S options);
    }

    /** The options of a task by name. A function, so that the table is not sent to executors. */
    public interface NamedOptions<S> extends Serializable {
        OptionTable<S> table();
    }

    public SparkTask {
        architectures = List.copyOf(architectures);
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(defaults, "defaults");
        Objects.requireNonNull(opener, "opener");
        Objects.requireNonNull(columnsOf, "columnsOf");
        Objects.requireNonNull(sqlArguments, "sqlArguments");
        Objects.requireNonNull(namedOptions, "namedOptions");
    }

    /**
     * The model that the reference names; where it names none, the one that the jar carries for this task.
     *
     * @param remedy where the jar carries none: how to name one
     */
    public ModelReference model(ModelReference given, String remedy) {
        if (given.location() != null) {
            return given;
        }
        if (carriedModel == null) {
            throw new UserException("Cannot " + name + ": there is no model, expected one whose architectures is "
                    + architectures.get(0).configName() + ", since the jar carries none for this task; " + remedy);
        }
        return given.movedTo(carriedModel.location());
    }

    /**
     * Refuses a model of another kind.
     *
     * @param remedy how to name another
     */
    public void requireArchitecture(Architecture found, String remedy) {
        if (!architectures.contains(found)) {
            throw new UserException("Cannot " + name + " with this model: architectures is " + found.configName()
                    + ", expected "
                    + architectures.stream().map(Architecture::configName).collect(Collectors.joining(" or "))
                    + "; " + remedy);
        }
    }

    public DocumentTask<T> open(Path modelDirectory, S options, Resources resources) {
        return opener.open(modelDirectory, options, resources);
    }

    public TaskColumns<T> columns(S options) {
        return columnsOf.of(options);
    }

    public TaskColumns<T> defaultColumns() {
        return columns(defaults);
    }

    /** The options by name. */
    public OptionTable<S> optionTable() {
        return namedOptions.table();
    }

    /** What the SQL function is called. */
    public String sqlFunction() {
        return "longwing_" + name;
    }

    /** The setting of a session or cluster that names the model of the SQL function. */
    public String modelSetting() {
        return "spark.longwing." + name + ".model";
    }

    /** The type of the SQL function's value. */
    public DataType sqlType() {
        List<StructField> fields = defaultColumns().fields().subList(0, sqlColumns);
        return sqlColumns == 1 ? fields.get(0).dataType() : DataTypes.createStructType(fields);
    }

    /** By the name alone: method references never equal their copies on an executor. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SparkTask<?, ?> task && name.equals(task.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
