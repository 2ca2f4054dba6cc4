package io.github.longwing.jobs.output;

import io.github.longwing.spark.columns.ColumnName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalog.Column;
import org.apache.spark.sql.catalog.Table;
import org.apache.spark.sql.types.StructType;

/**
 * A table or view that the catalog knows.
 *
 * @param parts catalog where there is one, namespace and name
 * @param type such as {@code MANAGED}, {@code EXTERNAL}, {@code VIEW}
 * @param location of its files, where the catalog says it
 */
record CatalogTable(
        List<String> parts,
        String type,
        String provider,
        Optional<String> location,
        StructType schema,
        List<String> partitionColumns) {
    private static final String SESSION_CATALOG = "spark_catalog";

    /** Formats whose own transaction replaces a table, whatever the catalog. */
    private static final Set<String> TRANSACTIONAL = Set.of("delta", "iceberg", "hudi", "paimon");

    CatalogTable {
        parts = List.copyOf(parts);
        partitionColumns = List.copyOf(partitionColumns);
    }

    /** Throws Spark's own AnalysisException for what is no name of a table. */
    static Optional<CatalogTable> find(String name, SparkSession spark) throws Exception {
        if (!spark.catalog().tableExists(name)) {
            return Optional.empty();
        }
        Table table = spark.catalog().getTable(name);
        Map<String, String> description = new HashMap<>();
        for (Row row : spark.sql("DESCRIBE TABLE EXTENDED " + name).collectAsList()) {
            if (row.getString(0) != null && row.getString(1) != null) {
                description.put(
                        row.getString(0).strip().toLowerCase(Locale.ROOT),
                        row.getString(1).strip());
            }
        }
        List<String> partitions = spark.catalog().listColumns(name).collectAsList().stream()
                .filter(Column::isPartition)
                .map(Column::name)
                .toList();
        List<String> namespace = table.namespace() == null ? List.of() : Arrays.asList(table.namespace());
        return Optional.of(new CatalogTable(
                Stream.of(Optional.ofNullable(table.catalog()).stream(), namespace.stream(), Stream.of(table.name()))
                        .flatMap(part -> part)
                        .toList(),
                table.tableType(),
                description.getOrDefault("provider", "").toLowerCase(Locale.ROOT),
                Optional.ofNullable(description.get("location")).filter(text -> !text.isEmpty()),
                spark.table(name).schema(),
                partitions));
    }

    /** A property that whoever made the table gave it. */
    Optional<String> property(String key, SparkSession spark) {
        return isView()
                ? Optional.empty()
                : spark.sql("SHOW TBLPROPERTIES " + quoted()).collectAsList().stream()
                        .filter(row -> key.equals(row.getString(0)))
                        .map(row -> row.getString(1))
                        .findFirst();
    }

    boolean isView() {
        return type.contains("VIEW") || type.equals("TEMPORARY");
    }

    /** Whether Spark replaces it in one step: not in its own catalog, unless the format brings transactions. */
    boolean isReplacedAtOnce() {
        return TRANSACTIONAL.contains(provider)
                || (parts.size() > 2 && !parts.get(0).equalsIgnoreCase(SESSION_CATALOG));
    }

    boolean isManaged() {
        return type.equals("MANAGED");
    }

    /** A table of another name beside it, as SQL quotes it. */
    String sibling(String name) {
        return quoted(Stream.concat(parts.subList(0, parts.size() - 1).stream(), Stream.of(name))
                .toList());
    }

    String shortName() {
        return parts.get(parts.size() - 1);
    }

    String quoted() {
        return quoted(parts);
    }

    /** Spark's own catalog goes without saying, and some commands refuse its name. */
    private static String quoted(List<String> parts) {
        boolean isOwn = parts.size() > 2 && parts.get(0).equalsIgnoreCase(SESSION_CATALOG);
        return parts.subList(isOwn ? 1 : 0, parts.size()).stream()
                .map(ColumnName::quoted)
                .collect(Collectors.joining("."));
    }
}
