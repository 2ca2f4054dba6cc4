package io.github.longwing.spark.columns;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructField;

/**
 * The result columns of one task: their types, and how an output fills them. Everything else about a row is the same
 * for all tasks.
 *
 * @param <T> the output of the task
 */
public interface TaskColumns<T> extends Serializable {

    /** All nullable, since a row with an error has none of them. */
    List<StructField> fields();

    /** Adds one value for each field, in the external types of Spark's rows. */
    void fill(List<Object> row, T output);

    /** Tokens that the model generated for this output; none unless the task generates. */
    default long outputTokens(T output) {
        return 0;
    }

    /** The same from the columns of a result, as a SQL expression; every name in it is prefixed. */
    default String outputTokensExpression(String resultPrefix) {
        return "0L";
    }
}
