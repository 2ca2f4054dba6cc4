package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of Delta Lake and Iceberg give the rows that they have now, whatever their folders hold of earlier days. */
class LakeInputTest {
    private static final String ROWS = "SELECT * FROM VALUES ('007', 'one', 'en', 2020), ('b', 'two two', 'de', 2021),"
            + " ('c', 'three three three', 'en', 2022), ('d', 'four', 'fr', 2023) AS t(id, text, lang, year)";

    @TempDir
    private Path directory;

    private LakeSession session;
    private SparkSession spark;
    private TestCommands commands;
    private TestCommands.Outcome outcome;

    @BeforeEach
    void open() {
        session = LakeSession.open(directory.resolve("ice"));
        spark = session.spark();
        commands = TestCommands.in(directory);
    }

    @AfterEach
    void close() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--format delta"})
    void aDeltaTableByItsPathHasTheRowsOfItsLastVersion(String format) {
        writeAndChange("delta.`" + path("docs") + "`", "USING delta");

        assertThat(rows("--input " + path("docs") + " " + format))
                .containsExactlyInAnyOrder("007: one en 2020", "b: changed text de 2021", "e: five it 2024");
        assertThat(outcome.out()).doesNotContain("Input: ").contains("3 documents (0 errors)");
    }

    @Test
    void aDeltaTableIsReadAfterItsColumnsChanged() {
        String table = "delta.`" + path("docs") + "`";
        writeAndChange(table, "USING delta");
        spark.sql("ALTER TABLE " + table + " SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        spark.sql("ALTER TABLE " + table + " RENAME COLUMN text TO body");
        spark.sql("ALTER TABLE " + table + " ADD COLUMN more STRING");

        assertThat(rows("--input " + path("docs") + " --text-column body --keep-columns body,lang,year"))
                .containsExactlyInAnyOrder("007: one en 2020", "b: changed text de 2021", "e: five it 2024");
    }

    @Test
    void aDeltaTableIsReadByItsName() {
        spark.sql("DROP TABLE IF EXISTS lake_docs");
        try {
            writeAndChange("lake_docs", "USING delta LOCATION '" + path("docs") + "'");

            assertThat(rows("--table lake_docs"))
                    .containsExactlyInAnyOrder("007: one en 2020", "b: changed text de 2021", "e: five it 2024");
        } finally {
            spark.sql("DROP TABLE lake_docs");
        }
    }

    @Test
    void aDeltaTableAsInputIsKeptApartFromTheOutput() {
        writeAndChange("delta.`" + path("docs") + "`", "USING delta");

        run("--input " + path("docs") + " --mode overwrite", path("docs"));
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("the input " + path("docs") + " is the same place");
        assertThat(rows("--input " + path("docs"))).hasSize(3);
    }

    @Test
    void whatIsNoDeltaTableIsRefused() {
        spark.sql(ROWS).write().parquet(path("plain"));

        run("--input " + path("plain") + " --format delta", path("out"));
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("Cannot read --input " + path("plain") + " as delta: ")
                .endsWith(", expected files of that format; name another with --format\n")
                .doesNotContainPattern("\\[[A-Z]+_[A-Z_.]+\\]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy-on-write", "merge-on-read"})
    void anIcebergTableHasTheRowsOfItsLastSnapshot(String mode) {
        requireIceberg();
        String table = LakeSession.ICEBERG + ".db.docs";
        writeAndChange(
                table,
                "USING iceberg TBLPROPERTIES ('format-version' = '2', 'write.delete.mode' = '" + mode
                        + "', 'write.update.mode' = '" + mode + "')");

        assertThat(rows("--table " + table))
                .containsExactlyInAnyOrder("007: one en 2020", "b: changed text de 2021", "e: five it 2024");
        String catalog = " --conf spark.sql.catalog.default_iceberg";
        assertThat(rows("--input " + path("ice/db/docs") + " --format iceberg" + catalog
                        + "=org.apache.iceberg.spark.SparkCatalog" + catalog + ".type=hadoop" + catalog + ".warehouse="
                        + path("ice")))
                .containsExactlyInAnyOrder("007: one en 2020", "b: changed text de 2021", "e: five it 2024");
    }

    @Test
    void anIcebergTableThatIsNotThereIsRefused() {
        requireIceberg();

        run("--table ice.db.nothing", path("out"));
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("Cannot read --table ice.db.nothing: ")
                .endsWith(", expected a table or view of Spark's catalog; check its name and its database\n");
    }

    private static void requireIceberg() {
        assumeTrue(LakeSession.hasIceberg(), "Iceberg has nothing for this Spark");
    }

    /** Four rows in folders of their language, of which two go, one changes and one comes. */
    private void writeAndChange(String table, String how) {
        spark.sql("CREATE TABLE " + table + " (id STRING, text STRING, lang STRING, year INT) "
                + how.replaceFirst("(USING \\w+)", "$1 PARTITIONED BY (lang)"));
        spark.sql("INSERT INTO " + table + " " + ROWS);
        spark.sql("DELETE FROM " + table + " WHERE lang = 'fr'");
        spark.sql("DELETE FROM " + table + " WHERE id = 'c'");
        spark.sql("UPDATE " + table + " SET text = 'changed text' WHERE id = 'b'");
        spark.sql("INSERT INTO " + table + " VALUES ('e', 'five', 'it', 2024)");
    }

    private String path(String name) {
        return directory + "/" + name;
    }

    private void run(String input, String output) {
        String words = "summarize --quiet " + (input.contains("--keep-columns") ? "" : "--keep-columns text,lang,year ")
                + input.strip() + " --output";
        outcome = commands.run(
                Stream.concat(Stream.of(words.split(" ")), Stream.of(output)).toArray(String[]::new));
    }

    private List<String> rows(String input) {
        String output = path("out-" + System.nanoTime());
        run(input, output);
        assertThat(outcome.status()).as(outcome.err()).isZero();
        String text = input.contains("body") ? "body" : "text";
        return spark
                .read()
                .parquet(output)
                .selectExpr("concat(id, ': ', " + text + ", ' ', lang, ' ', year)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }
}
