package io.github.longwing.jobs.commit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import io.github.longwing.spark.columns.ColumnName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * The rows of an output that a run has replaced: those of texts that a document has no more, the errors among equal rows,
 * and, where that is asked for, those of documents that the input has no more. Ids may be null and need not be unique:
 * of equal rows there stay as many as the input has.
 *
 * @param keys names of the id columns, then of the fingerprint, in the output
 * @param error name of the column of errors
 */
record ObsoleteRows(List<String> keys, String error) {
    private static final String FILE = "longwing file";
    private static final String PLACE = "longwing place";
    private static final String WANTED = "longwing wanted";
    private static final String KNOWN = "longwing known";
    private static final String OCCURRENCE = "longwing occurrence";

    /** Where rows that are gone from the input stay or not. */
    enum Gone {
        STAY,
        GO
    }

    /**
     * Their places: the path of the file as Spark writes it, and the number of the row in it.
     *
     * @param output rows of Parquet files
     * @param input the keys of all rows that the input has, in the order of {@code keys}
     */
    Dataset<Row> find(Dataset<Row> output, Dataset<Row> input, Gone gone) {
        Column[] key = keys.stream().map(ColumnName::column).toArray(Column[]::new);
        Column[] id = keys.subList(0, keys.size() - 1).stream()
                .map(ColumnName::column)
                .toArray(Column[]::new);
        List<Column> slim = new ArrayList<>(List.of(key));
        slim.add(ColumnName.column(error).isNotNull().as(error));
        slim.add(col("_metadata.file_path").as(FILE));
        slim.add(col("_metadata.row_index").as(PLACE));
        Dataset<Row> numbered = output.select(slim.toArray(Column[]::new))
                .withColumn(
                        OCCURRENCE,
                        row_number()
                                .over(Window.partitionBy(key)
                                        .orderBy(
                                                ColumnName.column(error).asc(),
                                                ColumnName.column(FILE).desc(),
                                                ColumnName.column(PLACE).asc())));
        Dataset<Row> wanted = named(input, key.length)
                .groupBy(names(key.length))
                .agg(count(lit(1)).as(WANTED));
        Dataset<Row> known = named(input, key.length)
                .groupBy(names(id.length))
                .agg(count(lit(1)).as(KNOWN));
        Dataset<Row> joined = numbered.join(wanted, same(key), "left")
                .drop(IntStream.range(0, key.length)
                        .mapToObj(ObsoleteRows::name)
                        .toArray(String[]::new))
                .join(known, same(id), "left");
        Column replaced = ColumnName.column(KNOWN)
                .isNotNull()
                .and(ColumnName.column(OCCURRENCE).gt(coalesce(ColumnName.column(WANTED), lit(0L))));
        return joined.where(
                        switch (gone) {
                            case STAY -> replaced;
                            case GO -> replaced.or(ColumnName.column(KNOWN).isNull());
                        })
                .select(ColumnName.column(FILE), ColumnName.column(PLACE));
    }

    /** The rows of these files that are not among the obsolete. */
    static Dataset<Row> kept(Dataset<Row> files, Dataset<Row> obsolete) {
        Dataset<Row> placed = files.select(
                col("*"),
                col("_metadata.file_path").as(FILE),
                col("_metadata.row_index").as(PLACE));
        return placed.join(
                        obsolete,
                        placed.col(ColumnName.quoted(FILE))
                                .equalTo(obsolete.col(ColumnName.quoted(FILE)))
                                .and(placed.col(ColumnName.quoted(PLACE))
                                        .equalTo(obsolete.col(ColumnName.quoted(PLACE)))),
                        "left_anti")
                .drop(FILE, PLACE);
    }

    private static Dataset<Row> named(Dataset<Row> input, int columns) {
        return input.toDF(
                IntStream.range(0, columns).mapToObj(ObsoleteRows::name).toArray(String[]::new));
    }

    private static Column[] names(int columns) {
        return IntStream.range(0, columns)
                .mapToObj(i -> ColumnName.column(name(i)))
                .toArray(Column[]::new);
    }

    private static Column same(Column... key) {
        return IntStream.range(0, key.length)
                .mapToObj(i -> key[i].eqNullSafe(ColumnName.column(name(i))))
                .reduce(Column::and)
                .orElseThrow();
    }

    private static String name(int i) {
        return "longwing key " + i;
    }
}
