package io.github.longwing.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.longwing.jobs.LakeSession;
import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs into tables go on as those into directories do. */
class TableRunsTest {
    private static final String SMALL_SLICES = "0.0001";

    @TempDir
    private static Path ice;

    private static LakeSession session;
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;
    private Path input;

    /** Where a table is. */
    enum Kind {
        DELTA("default.runs_delta", "delta"),
        ICEBERG("ice.db.runs", "iceberg"),
        PLAIN("default.runs_plain", "parquet");

        private final String table;
        private final String format;

        Kind(String table, String format) {
            this.table = table;
            this.format = format;
        }
    }

    @BeforeAll
    static void open() throws IOException {
        session = LakeSession.open(ice);
        spark = session.spark();
        spark.sparkContext().hadoopConfiguration().set("fs.fulldisk.impl", FullDiskFileSystem.class.getName());
        dropTables();
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @BeforeEach
    void writeTheInput() throws IOException {
        FullDiskFileSystem.RECORDS_LEFT.set(Integer.MAX_VALUE);
        commands = TestCommands.in(directory.resolve("small"));
        input = Files.createDirectories(directory.resolve("in"));
        write("a", IntStream.range(0, 12).mapToObj(i -> document("a" + i, "a text of " + i)));
    }

    @AfterEach
    void removeTables() throws IOException {
        spark.conf()
                .unset("spark.longwing.tables.records"); // of --conf, which a job leaves in a session that is not its
        // own
        dropTables();
    }

    private static void dropTables() throws IOException {
        for (Kind kind : Kind.values()) {
            if (kind != Kind.ICEBERG || LakeSession.hasIceberg()) {
                session.drop(kind.table);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesNothingTheSecondTime(Kind kind) {
        assertThat(run(kind).out()).contains("12 documents (0 errors)", "written to " + kind.table);
        assertThat(ids(kind)).hasSize(12).doesNotHaveDuplicates();

        assertThat(run(kind).out())
                .isEqualToIgnoringNewLines(
                        kind.table + " is complete: 12 documents (0 errors); nothing was left to do");
        assertThat(ids(kind)).hasSize(12);
    }

    @ParameterizedTest
    @EnumSource
    void computesWhatAHigherLimitAdds(Kind kind) {
        run(kind, "--limit", "5", "--partition-by", "model");
        List<String> first = ids(kind);

        TestCommands.Outcome more = run(kind, "--limit", "9", "--partition-by", "model");

        assertThat(more.out()).contains("4 documents (0 errors)", "With earlier runs it has 9 documents (0 errors)");
        assertThat(ids(kind)).hasSize(9).doesNotHaveDuplicates().containsAll(first);
    }

    @ParameterizedTest
    @EnumSource
    void losesAndDoublesNothingWhereItDiesBetweenATransactionAndItsRecord(Kind kind) {
        String[] records = {"--conf", "spark.longwing.tables.records=fulldisk://" + directory.resolve("records")};
        run(kind, and(records, "--limit", "3"));
        FullDiskFileSystem.RECORDS_LEFT.set(0);
        TestCommands.Outcome dead = run(kind, and(records, "--slice-minutes", SMALL_SLICES));
        FullDiskFileSystem.RECORDS_LEFT.set(Integer.MAX_VALUE);
        assertThat(dead.status()).as(dead.err()).isEqualTo(1);
        assertThat(dead.err()).contains("there is no space left on the disk of the output");
        int visible = ids(kind).size();
        assertThat(visible).as("rows without a record").isGreaterThan(3);

        TestCommands.Outcome again = run(kind, records);

        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.out())
                .contains((12 - visible) + " documents (0 errors)", "With earlier runs it has 12 documents (0 errors)");
        assertThat(ids(kind)).hasSize(12).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(names = {"DELTA", "ICEBERG"})
    void replacesTheRowsOfChangedDocumentsInOneTransaction(Kind kind) throws IOException {
        run(kind);
        write("a", IntStream.range(0, 12).mapToObj(i -> document("a" + i, i < 4 ? "changed" : "a text of " + i)));
        write("b", Stream.of(document("b", "new"), document(null, "x"), document(null, "x"), document(null, "y")));

        TestCommands.Outcome outcome = run(kind, "--incremental", "--slice-minutes", SMALL_SLICES);

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("8 documents (0 errors)", "With earlier runs it has 16 documents (0 errors)");
        assertThat(ids(kind)).hasSize(16);
        assertThat(ids(kind).stream().filter("null"::equals)).hasSize(3);
        assertThat(ids(kind).stream().filter(id -> !id.equals("null"))).doesNotHaveDuplicates();
        assertThat(summary(kind, "a1")).isEqualTo("1 words");
        for (List<String> seen : versions(kind)) {
            assertThat(seen.stream().filter(id -> !id.equals("null")))
                    .as("what a reader has seen at any time")
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DELTA", "ICEBERG"})
    void removesTheRowsOfDocumentsThatAreGoneIfAskedTo(Kind kind) throws IOException {
        write("b", Stream.of(document("b", "one"), document("c", "two"), document("c", "two")));
        run(kind);
        write("b", Stream.of(document("c", "two")));

        run(kind, "--incremental");
        assertThat(ids(kind)).hasSize(14).contains("b").containsOnlyOnce("c");
        TestCommands.Outcome outcome = run(kind, "--incremental", "--prune");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(ids(kind)).hasSize(13).doesNotContain("b").containsOnlyOnce("c");
    }

    @ParameterizedTest
    @EnumSource(names = {"DELTA", "ICEBERG"})
    void computesErrorsAgainIfAskedTo(Kind kind) throws IOException {
        write("b", Stream.of(document("b", "fail"), document("b", "fine")));
        assertThat(run(kind).out()).contains("14 documents (1 error)");

        TestCommands.Outcome again = run(kind, "--retry-errors");

        assertThat(again.out())
                .as(again.err())
                .contains("1 document (1 error)", "With earlier runs it has 14 documents (1 error)");
        assertThat(ids(kind)).hasSize(14);
    }

    @ParameterizedTest
    @EnumSource(names = {"DELTA", "ICEBERG"})
    void stopsByTheClockWithWhatIsFinished(Kind kind) throws IOException {
        write("b", Stream.of(document("b", "slow")));

        TestCommands.Outcome stopped = run(kind, "--stop-after", "15s"); // the slow document takes all of it

        assertThat(stopped.status()).as(stopped.err()).isZero();
        List<String> first = ids(kind);
        assertThat(stopped.out())
                .contains("Stopped by --stop-after: " + first.size() + " documents are committed to " + kind.table
                        + "; the same command goes on with the rest");
        assertThat(first).doesNotContain("b").isNotEmpty().doesNotHaveDuplicates();

        write("b", Stream.of(document("b", "quick now")));
        TestCommands.Outcome rest = run(kind, "--incremental");
        assertThat(rest.out()).as(rest.err()).contains((13 - first.size()) + " document");
        assertThat(ids(kind)).hasSize(13).doesNotHaveDuplicates().containsAll(first);
    }

    @Test
    void refusesToReplaceRowsWhereTheFormatCannot() {
        TestCommands.Outcome outcome = run(Kind.PLAIN, "--incremental");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("its format is parquet, expected delta or iceberg, which replace rows in one transaction");
        assertThat(spark.catalog().tableExists(Kind.PLAIN.table))
                .as("it was made and has gone")
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"DELTA", "PLAIN"})
    void refusesATableThatNoRunHasMade(Kind kind) {
        spark.sql("CREATE TABLE " + kind.table + " USING " + kind.format + " AS SELECT 1 AS id");

        TestCommands.Outcome outcome = run(kind);

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .contains(
                        "Cannot write --output-table " + kind.table + ": it exists already and has no record of a run");
        assertThat(spark.table(kind.table).count()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void namesTheOptionThatDiffers(Kind kind) {
        run(kind, "--num-beams", "5");

        TestCommands.Outcome again = run(kind, "--num-beams", "3");

        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("Cannot go on with " + kind.table + ": --num-beams was 5 and is 3");
    }

    @ParameterizedTest
    @EnumSource
    void leavesNoTableWhereNothingWasCommitted(Kind kind) throws IOException {
        write("a", Stream.of(document("a", "fail")));

        TestCommands.Outcome outcome = run(kind, "--on-error", "failfast");

        assertThat(outcome.status()).as(outcome.out()).isEqualTo(1);
        assertThat(outcome.err()).contains("nothing was added to " + kind.table);
        assertThat(spark.catalog().tableExists(kind.table)).isFalse();
    }

    @Test
    void marksEachTransactionOfDelta() throws IOException {
        run(Kind.DELTA, "--slice-minutes", SMALL_SLICES);

        Path log = location(Kind.DELTA).resolve("_delta_log");
        List<String> applications = new ArrayList<>();
        try (Stream<Path> commits = Files.list(log)) {
            for (Path commit :
                    commits.filter(path -> path.toString().endsWith(".json")).toList()) {
                Files.readString(commit)
                        .lines()
                        .filter(line -> line.startsWith("{\"txn\""))
                        .forEach(applications::add);
            }
        }
        assertThat(applications).isNotEmpty().doesNotHaveDuplicates().allMatch(line -> line.contains("\"version\":1"));
    }

    @Test
    void marksEachSnapshotOfIceberg() {
        assumeTrue(LakeSession.hasIceberg(), "Iceberg has nothing for this Spark");
        run(Kind.ICEBERG);

        assertThat(spark.sql("SELECT summary['longwing.slice'] FROM " + Kind.ICEBERG.table + ".snapshots")
                        .collectAsList())
                .allMatch(row -> row.getString(0).endsWith("-00001"));
    }

    @ParameterizedTest
    @EnumSource(names = {"DELTA", "PLAIN"})
    void showsTheRunsByTheLocationOfTheTable(Kind kind) {
        run(kind, "--limit", "5");
        run(kind);

        TestCommands.Outcome outcome =
                commands.run("runs", "show", location(kind).toString());

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains(": 12 rows (0 errors) in 2 slices", "complete", "Left: nothing of the input of the last run");
    }

    private static String document(String id, String text) {
        return "{\"id\": " + (id == null ? "null" : "\"" + id + "\"") + ", \"text\": \"" + text + "\"}";
    }

    private static String[] and(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private void write(String name, Stream<String> lines) throws IOException {
        Files.write(input.resolve(name + ".jsonl"), lines.toList());
    }

    private TestCommands.Outcome run(Kind kind, String... more) {
        assumeTrue(kind != Kind.ICEBERG || LakeSession.hasIceberg(), "Iceberg has nothing for this Spark");
        String format = kind == Kind.DELTA ? "delta" : "parquet";
        TestCommands.Outcome outcome = commands.run(and(
                new String[] {
                    "summarize",
                    "--input",
                    input.toString(),
                    "--output-table",
                    kind.table,
                    "--conf",
                    "spark.sql.sources.default=" + format
                },
                more));
        return outcome;
    }

    private List<String> ids(Kind kind) {
        return spark.table(kind.table).select("id").collectAsList().stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    private String summary(Kind kind, String id) {
        return spark.table(kind.table)
                .where("id = '" + id + "'")
                .select("summary")
                .head()
                .getString(0);
    }

    /** What each version of the table has held. */
    private List<List<String>> versions(Kind kind) {
        Dataset<Row> all = kind == Kind.DELTA
                ? spark.sql("DESCRIBE HISTORY " + kind.table).select("version")
                : spark.sql("SELECT snapshot_id FROM " + kind.table + ".snapshots");
        List<List<String>> seen = new ArrayList<>();
        for (Row version : all.collectAsList()) {
            seen.add(
                    spark
                            .sql("SELECT id FROM " + kind.table + " VERSION AS OF " + version.getLong(0))
                            .collectAsList()
                            .stream()
                            .map(row -> String.valueOf(row.get(0)))
                            .toList());
        }
        return seen;
    }

    private Path location(Kind kind) {
        return Path.of(java.net.URI.create(spark.sql("DESCRIBE TABLE EXTENDED " + kind.table)
                .where("col_name = 'Location'")
                .head()
                .getString(1)));
    }
}
