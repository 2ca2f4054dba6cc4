package io.github.longwing.jobs.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import io.github.longwing.store.ModelCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An output that lies where the run reads, however it is spelled, is refused before anything is touched. */
class OutputPlacesTest {
    private static SparkSession spark;

    @TempDir
    private Path temporary;

    private Path directory;
    private Path data;
    private TestCommands commands;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void writeDocuments() throws IOException {
        directory = temporary.toRealPath();
        commands = TestCommands.in(directory);
        data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(data.resolve("a.jsonl"), "{\"id\": \"a\", \"text\": \"one\"}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"overwrite", "append"})
    @DisabledOnOs(OS.WINDOWS) // where links need rights
    void refusesTheInputBehindALink(String mode) throws IOException {
        Files.createSymbolicLink(directory.resolve("latest"), Path.of("data"));

        refuses(mode, "latest", "data", "the input " + directory.resolve("latest") + " is the same place");
        refuses(mode, "data", "latest", "the input " + data + " is the same place");
        refuses(mode, "latest/a.jsonl", "data", "the input " + directory.resolve("latest/a.jsonl") + " lies there");
    }

    @ParameterizedTest
    @CsvSource({
        "data, data/",
        "data/, ./data",
        "data, other/../data",
        "data/a.jsonl, data",
        "data/*.jsonl, data",
        "d*, data",
        "data, data/out",
        "data, data/deep/er/out",
        "data, ."
    })
    void refusesEverySpellingOfAnOverlap(String input, String output) throws IOException {
        for (String scheme : List.of("", "file:", "file://")) {
            refuses("overwrite", input, scheme + directory + "/" + output, "the input ");
            refuses("append", scheme + directory + "/" + input, output, "the input ");
        }
    }

    @Test
    void looksAtEachOfSeveralInputs() throws IOException {
        Files.createDirectories(directory.resolve("more"));
        Files.writeString(directory.resolve("more/b.jsonl"), "{\"id\": \"b\", \"text\": \"two\"}\n");

        TestCommands.Outcome outcome = commands.run(
                "summarize",
                "--quiet",
                "--input",
                at("more"),
                "--input",
                at("data"),
                "--output",
                at("data"),
                "--mode",
                "overwrite");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("the input " + data + " is the same place");
        assertThat(data.resolve("a.jsonl")).exists();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void followsTheLinksThatLieInAnInput() throws IOException {
        Path real = Files.createDirectories(directory.resolve("real"));
        Files.move(data.resolve("a.jsonl"), real.resolve("a.jsonl"));
        Files.createSymbolicLink(data.resolve("a.jsonl"), real.resolve("a.jsonl"));

        refuses("overwrite", "data", "real", "the input " + data + " lies there");
        assertThat(real.resolve("a.jsonl")).exists();
    }

    @Test
    void writesBesideItsInput() {
        assertThat(run("overwrite", "data", "database").status()).isZero();
        assertThat(run("append", "data", "database").status()).isZero();
        assertThat(run("overwrite", "data", "database").status()).isZero();
        assertThat(spark.read().parquet(at("database")).count()).isEqualTo(1);
    }

    @Test
    void refusesTheFilesOfATableAndOfAView() {
        String table = "places_" + System.nanoTime();
        Path files = directory.resolve("files");
        spark.sql("CREATE TABLE " + table + " USING parquet LOCATION '" + files.toUri()
                + "' AS SELECT 'a' AS id, 'one two' AS text");
        spark.sql("CREATE VIEW " + table + "_view AS SELECT * FROM " + table);
        try {
            for (String name : List.of(table, "default." + table, table + "_view")) {
                for (String mode : List.of("overwrite", "append")) {
                    TestCommands.Outcome outcome = commands.run(
                            "summarize", "--quiet", "--table", name, "--output", files.toString(), "--mode", mode);

                    assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
                    assertThat(outcome.err())
                            .contains("the table " + name + " ")
                            .contains("name another");
                }
            }
            TestCommands.Outcome outcome = commands.run(
                    "summarize",
                    "--quiet",
                    "--table",
                    table,
                    "--output-table",
                    "default." + table.toUpperCase(java.util.Locale.ROOT),
                    "--mode",
                    "append");
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err()).contains("it is the table that the run reads");
            outcome = commands.run(
                    "summarize", "--quiet", "--input", files.toString(), "--output-table", table, "--mode", "append");
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err()).contains("the input " + files + " is the same place");
            assertThat(spark.table(table).count()).isEqualTo(1);
        } finally {
            spark.sql("DROP VIEW " + table + "_view");
            spark.sql("DROP TABLE " + table);
        }
    }

    @Test
    void refusesToOverwriteItsModelItsSettingsAndTheCaches() throws IOException {
        Path work = Files.createDirectories(directory.resolve("work"));
        Path settings = Files.writeString(work.resolve("my.properties"), "num-beams=2\n");
        Path model = Files.createDirectories(work.resolve("models/mine"));

        refuses(
                "overwrite",
                "data",
                "work",
                "--conf-file " + settings + " lies there",
                "--conf-file",
                settings.toString());
        refuses("overwrite", "data", "work", "--model " + model + " lies there", "--model", model.toString());
        refuses(
                "overwrite",
                "data",
                "work",
                "--model file:" + model + "/ lies there",
                "--model",
                "file:" + model + "/");
        Path cache = ModelCache.fromEnvironment().directory().toAbsolutePath();
        refuses("overwrite", "data", cache.toString(), "the cache of models ");
        refuses("overwrite", "data", cache.getParent().toString(), "the cache of models ");
    }

    @Test
    void refusesAnOutputWithoutAName() {
        TestCommands.Outcome outcome = commands.run("summarize", "--input", at("data"), "--output", "");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("Cannot write --output \"\": it is empty, expected a path");
    }

    private void refuses(String mode, String input, String output, String reason, String... more) throws IOException {
        List<String> before = listing();
        TestCommands.Outcome outcome = run(mode, input, output, more);

        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith(mode.equals("append") ? "Cannot append to --output " : "Cannot overwrite --output ")
                .contains(reason)
                .contains("expected an output apart from what the run reads; name another");
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(listing()).isEqualTo(before);
    }

    private List<String> listing() throws IOException {
        try (var files = Files.walk(directory)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private TestCommands.Outcome run(String mode, String input, String output, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("summarize", "--quiet", "--input", at(input), "--output", at(output), "--mode", mode));
        arguments.addAll(List.of(more));
        return commands.run(arguments.toArray(String[]::new));
    }

    private String at(String name) {
        return name.startsWith("/") || name.startsWith("file:") ? name : directory + "/" + name;
    }
}
