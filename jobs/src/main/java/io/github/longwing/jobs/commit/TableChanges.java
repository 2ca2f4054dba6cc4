package io.github.longwing.jobs.commit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;

import io.github.longwing.jobs.commit.SliceSink.RowNames;
import io.github.longwing.spark.columns.ColumnName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * The rows of a Delta or Iceberg table that a run replaces: in the transaction of the slice that has the new rows, and what
 * is left of them at the end. Rows are known by their keys alone, of which null and repeated ones are welcome: of equal rows
 * there stay as many as the input has.
 */
final class TableChanges {
    private static final String WANTED = "__longwing_wanted";
    private static final String KNOWN = "__longwing_known";
    private static final String HAVE = "__longwing_have";
    private static final String FAILED = "__longwing_failed";
    private static final String ACTION = "__longwing_action";
    private static final String PLACE = "__longwing_place";
    private static final String VIEW = "__longwing_change";

    /** What a row of the change does to the table. */
    private static final int INSERT = 0;

    private static final int DELETE_ALL = 1;
    private static final int DELETE_ERRORS = 2;

    /** What a transaction has taken away. */
    record Removed(long rows, long errors) {
        static final Removed NOTHING = new Removed(0, 0);
    }

    private final SparkSession spark;
    private final String table;
    private final List<String> columns;
    private final RowNames names;
    private final String directory;

    /** Null where nothing is to be changed. */
    private Dataset<Row> input;

    private boolean prunes;

    /** Keys of rows that go when the new ones of their documents come; null where nothing is to be changed. */
    private Dataset<Row> replaced;

    /**
     * Of a table.
     *
     * @param directory for what it finds, until the end of the run
     */
    TableChanges(SparkSession spark, String table, List<String> columns, RowNames names, String directory) {
        this.directory = directory;
        this.spark = spark;
        this.table = table;
        this.columns = List.copyOf(columns);
        this.names = names;
    }

    boolean areExpected() {
        return replaced != null;
    }

    /** Finds out what goes. */
    void expect(Dataset<Row> keys, Set<Change> changes) {
        input = keys.toDF(IntStream.range(0, names.keys().size())
                .mapToObj(TableChanges::key)
                .toArray(String[]::new));
        prunes = changes.contains(Change.GONE);
        Column old = ColumnName.column(KNOWN)
                .isNotNull()
                .and(ColumnName.column(WANTED).isNull());
        Column failed = ColumnName.column(WANTED)
                .isNotNull()
                .and(ColumnName.column(FAILED).gt(0));
        Dataset<Row> classes = classes();
        Dataset<Row> going = classes.where(old)
                .withColumn(ACTION, lit(DELETE_ALL))
                .unionByName(classes.where(changes.contains(Change.ERRORS) ? failed : lit(false))
                        .withColumn(ACTION, lit(DELETE_ERRORS)));
        replaced = kept("replaced", going.select(keysAnd(ACTION)));
    }

    /** The keys of the table, with how many rows have them and are wanted. */
    private Dataset<Row> classes() {
        Dataset<Row> have = spark.table(table)
                .select(concat(
                        IntStream.range(0, names.keys().size())
                                .mapToObj(i ->
                                        ColumnName.column(names.keys().get(i)).as(key(i)))
                                .toList(),
                        ColumnName.column(names.error())
                                .isNotNull()
                                .cast(DataTypes.LongType)
                                .as(FAILED)))
                .groupBy(keys(names.keys().size()))
                .agg(count(lit(1)).as(HAVE), sum(ColumnName.column(FAILED)).as(FAILED));
        int ids = names.keys().size() - 1;
        Dataset<Row> wanted =
                input.groupBy(keys(names.keys().size())).agg(count(lit(1)).as(WANTED));
        Dataset<Row> known = input.groupBy(keys(ids)).agg(count(lit(1)).as(KNOWN));
        return join(join(have, wanted, names.keys().size(), "left"), known, ids, "left");
    }

    /** Adds rows, and removes those that they replace, in one transaction; empty, with nothing done, if they replace none. */
    Optional<Removed> replace(Dataset<Row> fresh) {
        Dataset<Row> freshKeys = keysOf(fresh).distinct();
        int ids = names.keys().size() - 1;
        Dataset<Row> going = join(
                        replaced.where(ColumnName.column(ACTION).equalTo(DELETE_ALL)),
                        freshKeys.select(keys(ids)).distinct(),
                        ids,
                        "left_semi")
                .unionByName(join(
                        replaced.where(ColumnName.column(ACTION).equalTo(DELETE_ERRORS)),
                        freshKeys,
                        names.keys().size(),
                        "left_semi"));
        Removed removed = dying(going);
        if (removed.rows() == 0) {
            return Optional.empty();
        }
        change(going, fresh);
        return Optional.of(removed);
    }

    /** Removes what is more than the input has, and with it what the input has no more, in one transaction. */
    Removed removeRest() {
        Column tooMany = ColumnName.column(HAVE).gt(coalesce(ColumnName.column(WANTED), lit(0L)));
        Column gone = ColumnName.column(KNOWN).isNull();
        Dataset<Row> going = kept(
                "rest", classes().where(prunes ? gone.or(tooMany) : not(gone).and(tooMany)));
        if (going.isEmpty()) {
            return Removed.NOTHING;
        }
        Column[] byKey = names.keys().stream().map(ColumnName::column).toArray(Column[]::new);
        Dataset<Row> staying = kept(
                "staying",
                joinRows(
                                spark.table(table),
                                going.where(ColumnName.column(WANTED).gt(0)),
                                "inner")
                        .withColumn(
                                PLACE,
                                row_number()
                                        .over(Window.partitionBy(byKey)
                                                .orderBy(ColumnName.column(names.error())
                                                        .isNotNull())))
                        .where(ColumnName.column(PLACE).leq(ColumnName.column(WANTED)))
                        .select(columns.stream().map(ColumnName::column).toArray(Column[]::new)));
        Dataset<Row> classes = going.select(keysAnd(lit(DELETE_ALL).as(ACTION)));
        Removed removed = dying(classes);
        change(classes, staying);
        return new Removed(
                removed.rows() - staying.count(),
                removed.errors()
                        - staying.where(ColumnName.column(names.error()).isNotNull())
                                .count());
    }

    private Removed dying(Dataset<Row> going) {
        Row counts = joinRows(spark.table(table), going, "inner")
                .where(ColumnName.column(ACTION)
                        .equalTo(DELETE_ALL)
                        .or(ColumnName.column(names.error()).isNotNull()))
                .agg(count(lit(1)), count(ColumnName.column(names.error())))
                .head();
        return new Removed(counts.getLong(0), counts.getLong(1));
    }

    /** In a file, since Spark computes again, or cannot find in a view, what comes from a table that changes. */
    private Dataset<Row> kept(String name, Dataset<Row> rows) {
        String path = directory + "/" + name;
        rows.write().mode(SaveMode.Overwrite).parquet(path);
        return spark.read().schema(rows.schema()).parquet(path);
    }

    private void change(Dataset<Row> going, Dataset<Row> added) {
        Dataset<Row> inserts = added.select(concat(
                columns.stream().map(ColumnName::column).toList(), lit(INSERT).as(ACTION)));
        Dataset<Row> deletes = going.select(concat(
                Arrays.stream(inserts.schema().fields())
                        .filter(f -> !f.name().equals(ACTION))
                        .map(this::ofDelete)
                        .toList(),
                ColumnName.column(ACTION)));
        inserts.unionByName(deletes).createOrReplaceTempView(VIEW);
        try {
            var unused = spark.sql(merge());
        } finally {
            var unused = spark.catalog().dropTempView(VIEW);
        }
    }

    /** Null but for the keys. */
    private Column ofDelete(StructField field) {
        int key = names.keys().indexOf(field.name());
        return (key < 0 ? lit(null) : ColumnName.column(key(key)))
                .cast(field.dataType())
                .as(field.name());
    }

    private String merge() {
        String same = names.keys().stream()
                .map(name -> "t." + ColumnName.quoted(name) + " <=> s." + ColumnName.quoted(name))
                .collect(Collectors.joining(" AND "));
        String all = columns.stream().map(ColumnName::quoted).collect(Collectors.joining(", "));
        String values =
                columns.stream().map(name -> "s." + ColumnName.quoted(name)).collect(Collectors.joining(", "));
        return "MERGE INTO " + table + " t USING " + VIEW + " s ON " + same + " AND (s." + ACTION + " = " + DELETE_ALL
                + " OR (s." + ACTION + " = " + DELETE_ERRORS + " AND t." + ColumnName.quoted(names.error())
                + " IS NOT NULL)) WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND s." + ACTION + " = " + INSERT
                + " THEN INSERT (" + all + ") VALUES (" + values + ")";
    }

    private Dataset<Row> keysOf(Dataset<Row> rows) {
        return rows.select(IntStream.range(0, names.keys().size())
                .mapToObj(i -> ColumnName.column(names.keys().get(i)).as(key(i)))
                .toArray(Column[]::new));
    }

    /** Rows of the table with the classes of their keys. */
    private Dataset<Row> joinRows(Dataset<Row> rows, Dataset<Row> classes, String how) {
        Column same = IntStream.range(0, names.keys().size())
                .mapToObj(i -> rows.col(ColumnName.quoted(names.keys().get(i))).eqNullSafe(classes.col(key(i))))
                .reduce(Column::and)
                .orElseThrow();
        return rows.join(classes, same, how);
    }

    /** By the first keys, null-safe; those of the second side are left out. */
    private static Dataset<Row> join(Dataset<Row> one, Dataset<Row> other, int keys, String how) {
        Dataset<Row> renamed = other;
        for (int i = 0; i < keys; i++) {
            renamed = renamed.withColumnRenamed(key(i), "other" + key(i));
        }
        Column same = IntStream.range(0, keys)
                .mapToObj(i -> ColumnName.column(key(i)).eqNullSafe(ColumnName.column("other" + key(i))))
                .reduce(Column::and)
                .orElseThrow();
        return one.join(renamed, same, how)
                .drop(IntStream.range(0, keys).mapToObj(i -> "other" + key(i)).toArray(String[]::new));
    }

    private Column[] keysAnd(String column) {
        return keysAnd(ColumnName.column(column));
    }

    private Column[] keysAnd(Column column) {
        return concat(List.of(keys(names.keys().size())), column);
    }

    private static Column[] concat(List<Column> first, Column last) {
        List<Column> all = new ArrayList<>(first);
        all.add(last);
        return all.toArray(Column[]::new);
    }

    private static Column[] keys(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> ColumnName.column(key(i)))
                .toArray(Column[]::new);
    }

    private static String key(int i) {
        return "__longwing_key" + i;
    }
}
