package io.github.longwing.jobs.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An old output goes when the new one is complete, and only if a job of Longwing made it. */
class OutputReplacementTest {
    private static SparkSession spark;

    @TempDir
    private Path temporary;

    private Path directory;
    private Path output;
    private TestCommands commands;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void writeAnOutput() throws IOException {
        directory = temporary.toRealPath();
        commands = TestCommands.in(directory);
        Files.writeString(
                directory.resolve("a.jsonl"),
                "{\"id\": \"a\", \"text\": \"one\", \"lang\": \"en\"}\n{\"id\": \"b\", \"text\": \"two\", \"lang\": \"pt/br\"}\n");
        Files.writeString(directory.resolve("bad.jsonl"), "{\"id\": \"c\", \"text\": \"fail\", \"lang\": \"en\"}\n");
        Files.writeString(directory.resolve("c.jsonl"), "{\"id\": \"c\", \"text\": \"three\", \"lang\": \"de\"}\n");
        output = directory.resolve("out");
        assertThat(run("a.jsonl").status()).isZero();
    }

    @Test
    void replacesAnOutputAndLeavesNothingBesideIt() throws IOException {
        succeeds(overwrite("c.jsonl"));

        assertThat(ids()).containsExactly("c");
        assertThat(beside()).isEmpty();
    }

    @Test
    void keepsTheOldOutputWhereTheNewOneFails() throws IOException {
        TestCommands.Outcome failed = overwrite("bad.jsonl", "--on-error", "failfast");

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err()).contains("; what " + output + " held is still there");
        assertThat(ids()).containsExactly("a", "b");
        assertThat(beside()).isEmpty();
    }

    @Test
    void replacesAPartitionedOutputWithAllItsDirectories() throws IOException {
        succeeds(overwrite("a.jsonl", "--keep-columns", "lang", "--partition-by", "lang"));
        succeeds(overwrite("c.jsonl", "--keep-columns", "lang", "--partition-by", "lang"));

        assertThat(ids()).containsExactly("c");
        assertThat(output.resolve("lang=en")).doesNotExist();
        assertThat(overwrite("bad.jsonl", "--on-error", "failfast").status()).isEqualTo(1);
        assertThat(ids()).containsExactly("c");
        assertThat(beside()).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void replacesWhatALinkLeadsToAndKeepsLinkAndPermissions() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), output);
        Files.setPosixFilePermissions(output, PosixFilePermissions.fromString("rwxrwx---"));

        succeeds(commands.run(
                "summarize",
                "--quiet",
                "--input",
                directory + "/c.jsonl",
                "--output",
                link.toString(),
                "--mode",
                "overwrite"));

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(ids()).containsExactly("c");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rwxrwx---");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "notes.txt",
                "sub/notes.txt",
                "mine.parquet",
                ".git/config",
                "lang=en/notes.txt",
                "_notes.md",
                "part-1.csv"
            })
    void keepsWhatOthersPutThere(String name) throws IOException {
        Path mine = output.resolve(name);
        Files.createDirectories(mine.getParent());
        Files.writeString(mine, "mine");

        TestCommands.Outcome outcome = overwrite("c.jsonl");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualToIgnoringNewLines(
                        "Cannot overwrite --output " + output + ": it holds " + name
                                + ", expected nothing but the output of a job of Longwing; name another, or remove it yourself");
        assertThat(mine).hasContent("mine");
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(beside()).isEmpty();
    }

    @Test
    void keepsTheDataOfOtherPrograms() throws IOException {
        Path mine = directory.resolve("mine");
        spark.range(3).write().parquet(mine.toString());

        TestCommands.Outcome outcome = commands.run(
                "summarize",
                "--quiet",
                "--input",
                directory + "/a.jsonl",
                "--output",
                mine.toString(),
                "--mode",
                "overwrite");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("Cannot overwrite --output " + mine + ": it holds part-0000")
                .contains(", which has no columns of Longwing, expected ");
        assertThat(spark.read().parquet(mine.toString()).count()).isEqualTo(3);
    }

    @Test
    void keepsTablesThatGoByALog() throws IOException {
        Files.createDirectories(output.resolve("_delta_log"));
        Files.writeString(output.resolve("_delta_log/00000000000000000000.json"), "{}");

        assertThat(overwrite("c.jsonl").err()).contains("it holds _delta_log, since it is a Delta table, expected");
        TestCommands.Outcome appended = run("c.jsonl", "--mode", "append");
        assertThat(appended.status()).isEqualTo(2);
        assertThat(appended.err()).contains("it holds _delta_log, since it is a Delta table, expected");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void keepsLinksAndWhatTheyLeadTo() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.createSymbolicLink(output.resolve("lang=en"), elsewhere);

        assertThat(overwrite("c.jsonl").err()).contains("it holds lang=en, which is a link, expected");
        assertThat(elsewhere).exists();
    }

    @Test
    void replacesTheRestOfARunThatWasKilled() throws IOException {
        Files.createDirectories(output.resolve("_temporary/0/task"));
        Files.writeString(output.resolve("_temporary/0/task/part-0.parquet"), "half");

        succeeds(overwrite("c.jsonl"));

        assertThat(ids()).containsExactly("c");
    }

    @Test
    void endsAReplacementThatDiedBetweenItsTwoMoves() throws IOException {
        succeeds(commands.run(
                "summarize",
                "--quiet",
                "--input",
                directory + "/c.jsonl",
                "--output",
                directory + "/_longwing-out-new-0123abcd"));
        Files.move(output, directory.resolve("_longwing-out-old-0123abcd"));

        TestCommands.Outcome outcome = run("a.jsonl", "--mode", "error");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains(": it exists already");
        assertThat(ids()).containsExactly("c");
        assertThat(beside()).isEmpty();
    }

    @Test
    void putsBackAnOutputWhoseReplacementWasNotComplete() throws IOException {
        Files.createDirectories(directory.resolve("_longwing-out-new-0123abcd/_temporary"));
        Files.move(output, directory.resolve("_longwing-out-old-0123abcd"));

        assertThat(run("a.jsonl", "--mode", "error").status()).isEqualTo(2);

        assertThat(ids()).containsExactly("a", "b");
        assertThat(beside()).containsExactly("_longwing-out-new-0123abcd");
    }

    @Test
    void deletesTheOldOutputOfAReplacementThatDiedDeletingIt() throws IOException {
        succeeds(commands.run(
                "summarize",
                "--quiet",
                "--input",
                directory + "/c.jsonl",
                "--output",
                directory + "/_longwing-out-old-0123abcd"));

        succeeds(overwrite("c.jsonl"));

        assertThat(beside()).isEmpty();
        assertThat(ids()).containsExactly("c");
    }

    @Test
    void keepsAnOldOutputThatSomebodyHasPutAFileInto() throws IOException {
        succeeds(commands.run(
                "summarize",
                "--quiet",
                "--input",
                directory + "/c.jsonl",
                "--output",
                directory + "/_longwing-out-old-0123abcd"));
        Files.writeString(directory.resolve("_longwing-out-old-0123abcd/notes.txt"), "mine");

        succeeds(overwrite("c.jsonl"));

        assertThat(directory.resolve("_longwing-out-old-0123abcd/notes.txt")).hasContent("mine");
    }

    @Test
    void refusesAModeThatWouldReplaceOnlySomeDirectories() {
        spark.conf().set("spark.sql.sources.partitionOverwriteMode", "dynamic");
        try {
            assertThat(overwrite("c.jsonl").err())
                    .startsWith("Cannot overwrite --output " + output
                            + ": spark.sql.sources.partitionOverwriteMode is dynamic, expected static");
        } finally {
            spark.conf().unset("spark.sql.sources.partitionOverwriteMode");
        }
    }

    @Test
    void replacesATableOnceTheNewOneIsComplete() {
        String table = "replaced_" + System.nanoTime();
        try {
            succeeds(toTable(table, "a.jsonl"));

            TestCommands.Outcome failed = toTable(table, "bad.jsonl", "--on-error", "failfast", "--mode", "overwrite");
            assertThat(failed.status()).isEqualTo(1);
            assertThat(failed.err()).contains("; what " + table + " held is still there");
            assertThat(spark.table(table).count()).isEqualTo(2);

            succeeds(toTable(table, "c.jsonl", "--mode", "overwrite"));
            assertThat(spark.table(table).count()).isEqualTo(1);
            assertThat(spark.sql("SHOW TABLES").select("tableName").collectAsList().stream()
                            .map(row -> row.getString(0))
                            .filter(name -> name.startsWith(table)))
                    .containsExactly(table);
        } finally {
            spark.sql("DROP TABLE IF EXISTS " + table);
        }
    }

    @Test
    void replacesAPartitionedTable() {
        String table = "partitioned_" + System.nanoTime();
        String[] partitioned = {"--keep-columns", "lang", "--partition-by", "lang", "--mode", "overwrite"};
        try {
            succeeds(toTable(table, "a.jsonl", partitioned));
            succeeds(toTable(table, "c.jsonl", partitioned));
            assertThat(spark.table(table).select("id", "lang").collectAsList().toString())
                    .isEqualTo("[[c,de]]");
            assertThat(spark.sql("SHOW PARTITIONS " + table).collectAsList().toString())
                    .isEqualTo("[[lang=de]]");
        } finally {
            spark.sql("DROP TABLE IF EXISTS " + table);
        }
    }

    @Test
    void keepsTablesOfOthersAndViews() {
        String table = "mine_" + System.nanoTime();
        spark.range(3).write().saveAsTable(table);
        spark.sql("CREATE VIEW " + table + "_view AS SELECT * FROM " + table);
        try {
            TestCommands.Outcome outcome = toTable(table, "c.jsonl", "--mode", "overwrite");
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err())
                    .isEqualToIgnoringNewLines(
                            "Cannot overwrite --output-table " + table
                                    + ": its columns are id, expected those of a job of Longwing; name another, or drop it yourself");
            assertThat(toTable(table + "_view", "c.jsonl", "--mode", "overwrite")
                            .err())
                    .startsWith("Cannot write --output-table " + table + "_view: it is a view, expected a table");
            assertThat(spark.table(table).count()).isEqualTo(3);
        } finally {
            spark.sql("DROP VIEW " + table + "_view");
            spark.sql("DROP TABLE " + table);
        }
    }

    private TestCommands.Outcome overwrite(String input, String... more) {
        return run(
                input,
                Stream.concat(Stream.of("--mode", "overwrite"), Stream.of(more)).toArray(String[]::new));
    }

    private TestCommands.Outcome run(String input, String... more) {
        return command(Stream.concat(Stream.of("--output", output.toString()), Stream.of(more)), input);
    }

    private TestCommands.Outcome toTable(String table, String input, String... more) {
        return command(Stream.concat(Stream.of("--output-table", table), Stream.of(more)), input);
    }

    private TestCommands.Outcome command(Stream<String> more, String input) {
        return commands.run(Stream.concat(Stream.of("summarize", "--quiet", "--input", directory + "/" + input), more)
                .toArray(String[]::new));
    }

    private static void succeeds(TestCommands.Outcome outcome) {
        assertThat(outcome.status()).as(outcome.err()).isZero();
    }

    private List<String> ids() {
        return spark.read().parquet(output.toString()).select("id").collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    /** What replacements have left in the directory of the output. */
    private List<String> beside() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("_longwing"))
                    .sorted()
                    .toList();
        }
    }
}
