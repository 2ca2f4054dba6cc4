package io.github.longwing.jobs.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an output that exists, of tables, and of what a failed job leaves. */
class ResultOutputTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;
    private String output;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void writeDocuments() throws IOException {
        commands = TestCommands.in(directory);
        Files.writeString(directory.resolve("a.jsonl"), "{\"id\": \"a\", \"text\": \"one\"}\n");
        Files.writeString(directory.resolve("bad.jsonl"), "{\"id\": \"b\", \"text\": \"fail\"}\n");
        output = directory.resolve("out").toString();
    }

    @Test
    void refusesAnOutputThatExists() {
        assertThat(run("a.jsonl").status()).isZero();

        TestCommands.Outcome again = run("a.jsonl", "--mode", "error");

        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err())
                .isEqualToIgnoringNewLines("Cannot write --output " + output
                        + ": it exists already, expected a path that is new; name another, or use --mode append,"
                        + " overwrite or ignore");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void appendsOverwritesOrLeavesAlone() {
        assertThat(run("a.jsonl").status()).isZero();

        assertThat(run("a.jsonl", "--mode", "append").status()).isZero();
        assertThat(rows()).isEqualTo(2);
        assertThat(run("a.jsonl", "--mode", "overwrite").status()).isZero();
        assertThat(rows()).isEqualTo(1);
        TestCommands.Outcome ignored = run("bad.jsonl", "--mode", "ignore", "--on-error", "failfast");
        assertThat(ignored.status()).isZero();
        assertThat(ignored.out()).contains("exists already; nothing was done (--mode ignore)");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void refusesToOverwriteItsOwnInput() {
        TestCommands.Outcome outcome = commands.run(
                "summarize",
                "--input",
                directory.resolve("a.jsonl").toString(),
                "--output",
                directory.toString(),
                "--mode",
                "overwrite");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("Cannot overwrite --output " + directory + " (")
                .contains("a.jsonl lies there, expected an output apart from what the run reads; name another");
        assertThat(directory.resolve("a.jsonl")).exists();
    }

    @Test
    void refusesAFileInThePlaceOfADirectory() throws IOException {
        Files.writeString(Path.of(output), "mine");

        assertThat(run("a.jsonl", "--mode", "overwrite").err())
                .startsWith("Cannot write --output " + output + ": it is a file, expected a directory");
        assertThat(Path.of(output)).hasContent("mine");
    }

    @Test
    void explainsTheRestOfARunThatWasKilled() throws IOException {
        Files.createDirectories(Path.of(output, "_temporary", "0"));

        TestCommands.Outcome outcome = run("a.jsonl");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualToIgnoringNewLines("Cannot write --output " + output
                        + ": it holds the rest of a run that did not end, expected a path that is new; remove it, or use"
                        + " --mode overwrite");
        assertThat(run("a.jsonl", "--mode", "overwrite").status()).isZero();
    }

    @Test
    void aFailedJobLeavesNothingInTheWayOfTheNext() {
        assertThat(run("bad.jsonl", "--on-error", "failfast").status()).isEqualTo(1);

        assertThat(Path.of(output)).doesNotExist();
        assertThat(run("a.jsonl").status()).isZero();
    }

    @Test
    void aFailedJobTakesNothingFromWhatItWasToBeAppendedTo() {
        assertThat(run("a.jsonl").status()).isZero();

        TestCommands.Outcome failed = run("bad.jsonl", "--on-error", "failfast", "--mode", "append");

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err()).contains("; nothing was added to " + output);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void keepsTheEarlierOutputWhereTheNewOneFails() {
        assertThat(run("a.jsonl").status()).isZero();

        TestCommands.Outcome failed = run("bad.jsonl", "--on-error", "failfast", "--mode", "overwrite");

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err()).contains("; what " + output + " held is still there");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void writesATable() {
        String table = "longwing_test_" + System.nanoTime();

        TestCommands.Outcome outcome = toTable(table);

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(spark.table(table).count()).isEqualTo(1);
        assertThat(toTable(table).out()).contains(table + " is complete: 1 document");
        assertThat(toTable(table, "--mode", "error").err())
                .startsWith(
                        "Cannot write --output-table " + table + ": it exists already, expected a table that is new");
        assertThat(toTable(table, "--mode", "append").status()).isZero();
        assertThat(spark.table(table).count()).isEqualTo(2);
        spark.sql("DROP TABLE " + table);
    }

    @Test
    void refusesATableThatCannotBeNamedSo() {
        TestCommands.Outcome outcome = toTable("no such name");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("Cannot write --output-table no such name: ");
        assertThat(outcome.err().lines()).hasSize(1);
    }

    @Test
    void refusesAFileSystemThatIsNotThere() {
        TestCommands.Outcome outcome = commands.run(
                "summarize", "--input", directory.resolve("a.jsonl").toString(), "--output", "nosuch://host/out");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("Cannot write --output nosuch://host/out: ");
    }

    private TestCommands.Outcome run(String input, String... more) {
        return commands.run(Stream.concat(
                        Stream.of(
                                "summarize",
                                "--quiet",
                                "--input",
                                directory.resolve(input).toString(),
                                "--output",
                                output),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private TestCommands.Outcome toTable(String table, String... more) {
        return commands.run(Stream.concat(
                        Stream.of(
                                "summarize",
                                "--quiet",
                                "--input",
                                directory.resolve("a.jsonl").toString(),
                                "--output-table",
                                table),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private long rows() {
        return spark.read().parquet(output).count();
    }
}
