package io.github.longwing.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.longwing.jobs.LakeSession;
import io.github.longwing.jobs.TestCommands;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.input.Documents;
import io.github.longwing.jobs.input.InputReader;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.options.DocumentColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream from a table of Delta or Iceberg into one, whatever is done to the first. */
class TableStreamTest {
    @TempDir
    private static Path ice;

    private static LakeSession session;
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;

    /** Where the tables are. */
    enum Kind {
        DELTA("default.stream_in", "default.stream_out", "delta"),
        ICEBERG("ice.db.stream_in", "ice.db.stream_out", "iceberg");

        private final String in;
        private final String out;
        private final String format;

        Kind(String in, String out, String format) {
            this.in = in;
            this.out = out;
            this.format = format;
        }
    }

    @BeforeAll
    static void open() throws IOException {
        session = LakeSession.open(ice);
        spark = session.spark();
        dropTables();
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @BeforeEach
    void takeAModel() {
        commands = TestCommands.in(directory.resolve("small"));
    }

    @AfterEach
    void removeTables() throws IOException {
        dropTables();
    }

    private static void dropTables() throws IOException {
        for (Kind kind : Kind.values()) {
            if (kind != Kind.ICEBERG || LakeSession.hasIceberg()) {
                session.drop(kind.in);
                session.drop(kind.out);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void followsWhatIsAddedChangedAndDeleted(Kind kind) {
        create(kind);
        assertThat(run(kind).out()).contains("0 documents (0 errors)");

        spark.sql("INSERT INTO " + kind.in + " VALUES ('a', 'one'), ('b', 'one two'), ('c', 'one two three')");
        assertThat(run(kind).out()).contains("3 documents (0 errors)");
        assertThat(rows(kind)).containsExactlyInAnyOrder("a: 1 words", "b: 2 words", "c: 3 words");

        spark.sql("UPDATE " + kind.in + " SET text = 'now four words here' WHERE id = 'b'");
        spark.sql("DELETE FROM " + kind.in + " WHERE id = 'c'");
        spark.sql("INSERT INTO " + kind.in + " VALUES ('d', 'x'), ('d', 'x'), (NULL, 'y z')");
        TestCommands.Outcome changed = run(kind);

        assertThat(changed.out()).as(changed.err()).contains("4 documents (0 errors)");
        assertThat(rows(kind))
                .as("the row of what is gone stays")
                .containsExactlyInAnyOrder(
                        "a: 1 words", "b: 4 words", "c: 3 words", "d: 1 words", "d: 1 words", "null: 2 words");
    }

    @ParameterizedTest
    @EnumSource
    void readsNothingWhereTheTableHasNotChanged(Kind kind) {
        create(kind);
        spark.sql("INSERT INTO " + kind.in + " VALUES ('a', 'one'), ('b', 'one two')");
        run(kind);
        long runs = runs(kind);

        TestCommands.Outcome again = run(kind);

        assertThat(again.out())
                .as(again.err())
                .isEqualToIgnoringNewLines(kind.out + " is complete: 2 documents (0 errors); nothing was left to do");
        assertThat(again.err()).as("nothing was prepared for reading").doesNotContain("Memory of an executor");
        assertThat(runs(kind)).isEqualTo(runs);
    }

    @ParameterizedTest
    @EnumSource
    void knowsATableThatWasMadeAnewUnderTheSameName(Kind kind) {
        create(kind);
        spark.sql("INSERT INTO " + kind.in + " VALUES ('a', 'one')");
        run(kind);
        spark.sql("DROP TABLE " + kind.in);
        create(kind);
        spark.sql("INSERT INTO " + kind.in + " VALUES ('b', 'one two')");

        assertThat(run(kind).out()).contains("1 document (0 errors)");
        assertThat(rows(kind)).containsExactlyInAnyOrder("a: 1 words", "b: 2 words");
    }

    /** A run reads its input several times. */
    @ParameterizedTest
    @EnumSource
    void readsATableAsItStoodWhenTheRunBegan(Kind kind) {
        create(kind);
        spark.sql("INSERT INTO " + kind.in + " VALUES ('a', 'one')");
        InputReader reader = new InputReader(
                new JobSession(spark, Optional.of(spark.sparkContext()), JobSession.Ownership.EXTERNAL),
                DocumentColumns.standard());
        Documents documents = reader.read(new DocumentInput.Table(kind.in), OptionalLong.empty());

        spark.sql("INSERT INTO " + kind.in + " VALUES ('b', 'two')");

        assertThat(documents.rows().count()).isEqualTo(1);
        assertThat(reader.mark(new DocumentInput.Table(kind.in)).orElseThrow().version())
                .isPresent()
                .isNotEqualTo(documents.version());
        assertThat(reader.read(new DocumentInput.Table(kind.in), OptionalLong.empty())
                        .rows()
                        .count())
                .isEqualTo(2);
    }

    private void create(Kind kind) {
        assumeTrue(kind != Kind.ICEBERG || LakeSession.hasIceberg(), "Iceberg has nothing for this Spark");
        spark.sql("CREATE TABLE " + kind.in + " (id STRING, text STRING) USING " + kind.format);
    }

    private TestCommands.Outcome run(Kind kind) {
        TestCommands.Outcome outcome = commands.run(
                "summarize",
                "--table",
                kind.in,
                "--output-table",
                kind.out,
                "--conf",
                "spark.sql.sources.default=" + (kind == Kind.DELTA ? "delta" : "parquet"),
                "--stream");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return outcome;
    }

    private List<String> rows(Kind kind) {
        return spark.sql("SELECT concat(coalesce(id, 'null'), ': ', summary) FROM " + kind.out).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    private long runs(Kind kind) {
        Path location = Path.of(java.net.URI.create(spark.sql("DESCRIBE TABLE EXTENDED " + kind.out)
                .where("col_name = 'Location'")
                .head()
                .getString(1)
                .replaceFirst("^/", "file:/")));
        try (Stream<Path> all = java.nio.file.Files.walk(location.resolve("_longwing"))) {
            return all.filter(file -> file.getParent().endsWith("runs")).count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
