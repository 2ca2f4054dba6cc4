package io.github.longwing.spark.ml;

import org.apache.spark.ml.param.Param;

/**
 * Params of every stage: the columns.
 *
 * @param <T> the stage
 */
public interface StageParams<T> {

    /** What the stage does; for this package. */
    TaskStage<?, ?> stage();

    /** The stage with another value of an option, for the setters. */
    @SuppressWarnings("unchecked") // T is the class that implements this
    default T with(String key, Object value) {
        stage().set(key, value);
        return (T) this;
    }

    /** The column with the documents, a string or UTF-8 bytes; {@code text} by default. */
    default Param<String> textCol() {
        return stage().text(TaskStage.TEXT);
    }

    /** Sets {@link #textCol}. */
    default T setTextCol(String value) {
        return with(TaskStage.TEXT, value);
    }

    /** The column that identifies a document, which sampling depends on; by default the text does. */
    default Param<String> idCol() {
        return stage().text(TaskStage.ID);
    }

    /** Sets {@link #idCol}. */
    default T setIdCol(String value) {
        return with(TaskStage.ID, value);
    }

    /** The column for the result: the value that the SQL function of the task has, null where there is an error. */
    default Param<String> outputCol() {
        return stage().text(TaskStage.OUTPUT);
    }

    /** Sets {@link #outputCol}. */
    default T setOutputCol(String value) {
        return with(TaskStage.OUTPUT, value);
    }

    /** The column for the error of a bad row, class and message; by default the output column with {@code _error}. */
    default Param<String> errorCol() {
        return stage().text(TaskStage.ERROR);
    }

    /** Sets {@link #errorCol}. */
    default T setErrorCol(String value) {
        return with(TaskStage.ERROR, value);
    }

    /** A column for all result columns of the job in a struct, tokens among them; none by default. */
    default Param<String> resultCol() {
        return stage().text(TaskStage.RESULT);
    }

    /** Sets {@link #resultCol}. */
    default T setResultCol(String value) {
        return with(TaskStage.RESULT, value);
    }
}
