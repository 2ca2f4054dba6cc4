package io.github.longwing.spark.extensions;

import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.executor.DocumentFunction;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.sql.TaskRequest;
import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What a stage of a query computes of each document.
 *
 * @param given the options as the query has them
 */
record StageTask<S extends Serializable, T>(TaskRequest<S, T> request, Output output, Map<String, String> given)
        implements Serializable {

    /** What the stage adds to each row. */
    enum Output {
        /** The value of the SQL function. */
        VALUE,
        /** All result columns, as a job writes them. */
        COLUMNS
    }

    /** Whether each row in is one row out. */
    boolean keepsRows() {
        return request.onError() != ErrorPolicy.DROPMALFORMED;
    }

    TaskColumns<T> columns() {
        return switch (output) {
            case VALUE -> request.task().defaultColumns();
            case COLUMNS -> request.task().columns(request.options());
        };
    }

    DocumentFunction<T> function() {
        return request.function(columns());
    }

    /**
     * The columns to add.
     *
     * @param row one kept column, then the result columns, of which the error is the last
     */
    Row added(Row row) {
        int count = output == Output.VALUE ? request.task().sqlColumns() : row.length() - 1;
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            values[i] = row.get(i + 1);
        }
        boolean isStruct = output == Output.VALUE && count > 1;
        boolean isError = row.get(row.length() - 1) != null;
        return isStruct ? RowFactory.create(isError ? null : RowFactory.create(values)) : RowFactory.create(values);
    }

    /** The name of the operator in a plan, such as {@code LongwingSummarize}. */
    String operator() {
        String name = request.task().name();
        return "Longwing" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** The model and the options, for the plan. */
    String description() {
        StringBuilder description =
                new StringBuilder("model=").append(request.model().location());
        given.forEach((name, value) -> {
            if (!name.equals("model")) {
                description.append(", ").append(name).append('=').append(value);
            }
        });
        return "{" + description + "}";
    }
}
