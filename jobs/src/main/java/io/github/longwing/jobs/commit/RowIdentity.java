package io.github.longwing.jobs.commit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import io.github.longwing.spark.columns.ColumnName;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.executor.WorkShares;
import io.github.longwing.spark.options.EqualTexts;
import io.github.longwing.task.ResultBasis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;

/**
 * What tells the rows of a job apart: their id columns, which may be null and need not be unique, and their fingerprint.
 *
 * @param ids how many id columns there are
 * @param model name and fingerprint of the model
 * @param equalTexts whether documents of equal texts are brought together
 */
public record RowIdentity(RowFingerprint fingerprint, String model, ResultBasis basis, int ids, EqualTexts equalTexts) {
    private static final String FINGERPRINT = "longwing fingerprint";
    private static final String LENGTH = "longwing length";
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

    /**
     * The work of the rows of an input that are not committed yet.
     *
     * @param committed as {@link #missing} takes it; empty where nothing is
     * @param work what a text of so many bytes takes
     */
    WorkShares shares(Dataset<Row> rows, Optional<Dataset<Row>> committed, LongToDoubleFunction work) {
        List<Column> named = idColumns(rows);
        int idCount = named.size();
        named.add(fingerprint.column(rows, model, basis).as(FINGERPRINT));
        named.add(coalesce(length(ColumnName.column(rows.columns()[InputColumns.TEXT])), lit(0))
                .cast(DataTypes.LongType)
                .as(LENGTH));
        Dataset<Row> lengths = rows.select(named.toArray(Column[]::new)); // no text goes over the network for them
        List<Column> ids = Arrays.stream(lengths.columns())
                .limit(idCount)
                .map(ColumnName::column)
                .toList();
        Dataset<Row> left = committed
                .map(done -> missing(lengths, ids, done))
                .orElse(lengths)
                .select(number(ids), col("`" + LENGTH + "`"));
        return WorkShares.of(equalTexts == EqualTexts.ONCE ? left.distinct() : left, work);
    }

    /** The rows of an input in partitions of about equal work. */
    Dataset<Row> dealt(Dataset<Row> rows, WorkShares shares, int buckets) {
        Dataset<Row> named = rows.withColumn(FINGERPRINT, fingerprint.column(rows, model, basis));
        Dataset<Row> dealt = shares.deal(named, number(idColumns(named)), buckets);
        return switch (equalTexts) {
            case EACH -> dealt.drop(FINGERPRINT);
            case ONCE ->
                dealt.sortWithinPartitions(col("`" + FINGERPRINT + "`")).drop(FINGERPRINT);
        };
    }

    /** What tells a row apart as one number; where equal texts are computed once, the same for all of them. */
    private Column number(List<Column> ids) {
        List<Column> keys = equalTexts == EqualTexts.ONCE ? new ArrayList<>() : new ArrayList<>(ids);
        keys.add(col("`" + FINGERPRINT + "`"));
        return xxhash64(keys.toArray(Column[]::new));
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
        return missing(named, idColumns(named), committed)
                .select(Arrays.stream(rows.columns()).map(ColumnName::column).toArray(Column[]::new));
    }

    /** The same for rows with their fingerprint; {@code ids} are their id columns. */
    private static Dataset<Row> missing(Dataset<Row> named, List<Column> ids, Dataset<Row> committed) {
        List<Column> keys = new ArrayList<>(ids);
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
                .where(col("`" + OCCURRENCE + "`").gt(coalesce(col("`" + DONE + "`"), lit(0L))));
    }

    private List<Column> idColumns(Dataset<Row> rows) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < ids; i++) {
            columns.add(ColumnName.column(rows.columns()[InputColumns.KEPT + i]));
        }
        return columns;
    }
}
