package io.github.longwing.jobs.commit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import io.github.longwing.spark.columns.ColumnName;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.options.EqualTexts;
import io.github.longwing.task.ResultBasis;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * What tells the rows of a job apart: their id columns, which may be null and need not be unique, and their fingerprint.
 *
 * @param ids how many id columns there are
 * @param model name and fingerprint of the model
 * @param equalTexts whether documents of equal texts are brought together
 */
public record RowIdentity(RowFingerprint fingerprint, String model, ResultBasis basis, int ids, EqualTexts equalTexts) {
    private static final String FINGERPRINT = "longwing fingerprint";
    private static final String OCCURRENCE = "longwing occurrence";
    private static final String DONE = "longwing done";

    /** What runs must have in common to go on with one another. */
    public String settings() {
        return fingerprint.common(model);
    }

    /** Ids and fingerprints of rows. */
    Dataset<Row> keys(Dataset<Row> rows) {
        List<Column> keys = idColumns(rows);
        keys.add(fingerprint.column(rows, model, basis).as(FINGERPRINT));
        return rows.select(keys.toArray(Column[]::new));
    }

    /** The rows of an input by hash, so that each lies in the same place whenever and wherever it is computed again. */
    Dataset<Row> spread(Dataset<Row> rows, int buckets) {
        if (equalTexts == EqualTexts.ONCE) {
            return together(rows, buckets);
        }
        List<Column> keys = idColumns(rows);
        keys.add(fingerprint.column(rows, model, basis));
        return rows.repartition(buckets, keys.toArray(Column[]::new));
    }

    /** The rows of an input, those of equal texts one after the other. */
    public Dataset<Row> together(Dataset<Row> rows, int buckets) {
        Column key = col("`" + FINGERPRINT + "`");
        return rows.withColumn(FINGERPRINT, fingerprint.column(rows, model, basis))
                .repartition(buckets, key)
                .sortWithinPartitions(key)
                .drop(FINGERPRINT);
    }

    /** The rows in the partitions that they are in, the longest texts first; equal ones stay one after the other. */
    public Dataset<Row> longestFirst(Dataset<Row> rows) {
        Column length =
                length(ColumnName.column(rows.columns()[InputColumns.TEXT])).desc();
        return switch (equalTexts) {
            case EACH -> rows.sortWithinPartitions(length);
            case ONCE ->
                rows.withColumn(FINGERPRINT, fingerprint.column(rows, model, basis))
                        .sortWithinPartitions(length, col("`" + FINGERPRINT + "`"))
                        .drop(FINGERPRINT);
        };
    }

    /**
     * The rows of an input that are not committed yet; of equal ones as many as are missing.
     *
     * @param committed the id columns, then the fingerprint
     */
    Dataset<Row> missing(Dataset<Row> rows, Dataset<Row> committed) {
        Dataset<Row> named = rows.withColumn(FINGERPRINT, fingerprint.column(rows, model, basis));
        List<Column> keys = idColumns(named);
        keys.add(col("`" + FINGERPRINT + "`"));
        Column[] key = keys.toArray(Column[]::new);
        WindowSpec equals = Window.partitionBy(key).orderBy(lit(0));
        Dataset<Row> numbered = named.withColumn(OCCURRENCE, row_number().over(equals));
        String[] names = committed.columns();
        Dataset<Row> done = committed
                .groupBy(IntStream.range(0, names.length)
                        .mapToObj(i -> col("`" + names[i] + "`").as("longwing key " + i))
                        .toArray(Column[]::new))
                .agg(count(lit(1)).as(DONE));
        Column same = IntStream.range(0, names.length)
                .mapToObj(i -> key[i].eqNullSafe(col("`longwing key " + i + "`")))
                .reduce(Column::and)
                .orElseThrow();
        return numbered.join(done, same, "left")
                .where(col("`" + OCCURRENCE + "`").gt(coalesce(col("`" + DONE + "`"), lit(0L))))
                .select(IntStream.range(0, rows.columns().length)
                        .mapToObj(i -> ColumnName.column(rows.columns()[i]))
                        .toArray(Column[]::new));
    }

    private List<Column> idColumns(Dataset<Row> rows) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < ids; i++) {
            columns.add(ColumnName.column(rows.columns()[InputColumns.KEPT + i]));
        }
        return columns;
    }
}
