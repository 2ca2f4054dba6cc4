package io.github.longwing.spark.columns;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructField;

/**
 * The result columns of one task: their types, and how an output fills them. All other columns are the same for all
 * tasks.
 *
 * @param <T> the output of the task
 */
public interface TaskColumns<T> extends Serializable {

    /** All nullable, since a row with an error has no values for them. */
    List<StructField> fields();

    /**
     * Adds one value for each field, in the external types of Spark's rows.
     *
     * @param pages of the document's text
     */
    void fill(List<Object> row, T output, TextPages pages);

    /** The columns for documents whose text may have pages; the same unless one of them says on which page it stands. */
    default TaskColumns<T> withPages() {
        return this;
    }

    /** The number of tokens that the model generated for this output; 0 for tasks that generate nothing. */
    default long outputTokens(T output) {
        return 0;
    }

    /** {@link #outputTokens} from the columns of a result, as a SQL expression on names with the prefix. */
    default String outputTokensExpression(String resultPrefix) {
        return "0L";
    }
}
