package io.github.longwing.jobs.input;

import io.github.longwing.spark.columns.ColumnName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table of Delta or Iceberg as it stands at one moment: asked for in the table's log, without reading rows, and read as it
 * stood then, however often and whoever writes meanwhile.
 *
 * @param table as SQL names it
 * @param number of the version, or id of the snapshot
 * @param name by which it is known from all others of this table, also of one made anew under the same name
 */
record TableVersion(String table, long number, String name) {
    private static final Logger LOG = LoggerFactory.getLogger(TableVersion.class);

    /** The number of an Iceberg table that has never had rows; those of Iceberg's snapshots are positive. */
    private static final long NO_SNAPSHOT = -1;

    /** Of a table of the catalog, as others have left it now; empty for views, and for formats that have no versions. */
    static Optional<TableVersion> ofTable(String table, SparkSession spark) {
        try {
            // a catalog may keep what it knew when this session asked last
            Dataset<Row> unused = spark.sql("REFRESH TABLE " + table);
            Optional<TableVersion> version =
                    switch (provider(table, spark)) {
                        case "delta" -> ofDelta(table, spark);
                        case "iceberg" -> ofIceberg(table, spark);
                        default -> Optional.empty();
                    };
            version.ifPresent(found -> found.rows(spark)); // some platforms forbid to read an earlier version
            return version;
        } catch (Exception e) { // AnalysisException, which Scala does not declare; the reader of the table says it
            LOG.debug("The version of {} cannot be found", table, e);
            return Optional.empty();
        }
    }

    /** Of a table of Delta in a directory; empty in a session that knows the format alone and not its SQL. */
    static Optional<TableVersion> ofDeltaPath(String path, SparkSession spark) {
        try {
            return ofDelta("delta." + ColumnName.quoted(path), spark);
        } catch (Exception e) { // AnalysisException or ParseException, which Scala does not declare
            LOG.debug("The version of {} cannot be found", path, e);
            return Optional.empty();
        }
    }

    private static String provider(String table, SparkSession spark) {
        return spark.sql("DESCRIBE TABLE EXTENDED " + table).where("col_name = 'Provider'").collectAsList().stream()
                .map(row -> row.getString(1).toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("");
    }

    private static Optional<TableVersion> ofDelta(String table, SparkSession spark) {
        Row last = spark.sql("DESCRIBE HISTORY " + table + " LIMIT 1")
                .select("version", "timestamp")
                .head();
        return Optional.of(new TableVersion(
                table,
                last.getLong(0),
                last.getLong(0) + " of " + last.getTimestamp(1).toInstant()));
    }

    /** Of the main branch; a table that has never had rows has no snapshot. */
    private static Optional<TableVersion> ofIceberg(String table, SparkSession spark) {
        List<Row> main = spark.sql("SELECT snapshot_id FROM " + table + ".refs WHERE name = 'main'")
                .collectAsList();
        return Optional.of(
                main.isEmpty()
                        ? new TableVersion(table, NO_SNAPSHOT, "none")
                        : new TableVersion(
                                table,
                                main.get(0).getLong(0),
                                String.valueOf(main.get(0).getLong(0))));
    }

    Dataset<Row> rows(SparkSession spark) {
        return number == NO_SNAPSHOT
                ? spark.table(table)
                : spark.sql("SELECT * FROM " + table + " VERSION AS OF " + number);
    }
}
