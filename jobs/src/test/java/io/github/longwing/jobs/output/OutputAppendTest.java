package io.github.longwing.jobs.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.CountingSummarizer;
import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are appended only to rows of the same job, columns, directories and model. */
class OutputAppendTest {
    private static SparkSession spark;

    @TempDir
    private Path temporary;

    private Path directory;
    private String output;
    private TestCommands commands;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void writeDocuments() throws IOException {
        directory = temporary.toRealPath();
        commands = TestCommands.in(directory);
        output = directory.resolve("out").toString();
        Files.writeString(
                directory.resolve("a.jsonl"), "{\"id\": \"a\", \"text\": \"one\", \"lang\": \"en\", \"n\": 1}\n");
        spark.sql("SELECT 7L AS id, 'one' AS text, 'en' AS lang, 1L AS n")
                .write()
                .parquet(directory.resolve("numbers").toString());
    }

    @Test
    void letsADefaultReaderSeeEveryRow() {
        succeeds(append("summarize", "a.jsonl", "--keep-columns", "lang,n"));
        succeeds(append("summarize", "a.jsonl", "--keep-columns", "n,lang"));

        assertThat(spark.read().parquet(output).count()).isEqualTo(2);
        assertThat(spark.read().parquet(output).where("lang = 'en' AND n = 1").count())
                .isEqualTo(2);
    }

    @Test
    void refusesAnotherJob() {
        succeeds(append("summarize", "a.jsonl"));

        refuses(
                append("embed", "a.jsonl"),
                "holds the rows of summarize, expected those of embed; name another output");
    }

    @Test
    void refusesOtherColumns() {
        succeeds(append("summarize", "a.jsonl", "--keep-columns", "lang"));

        refuses(
                append("summarize", "a.jsonl"),
                "has a column lang, expected only the columns of this run (id, summary, ");
        refuses(append("summarize", "a.jsonl", "--keep-columns", "lang,n"), "has no column n, expected it");
        refuses(
                append("summarize", "a.jsonl", "--keep-columns", "lang", "--result-prefix", "x_"),
                "has a column summary");
    }

    @Test
    void refusesAnotherTypeOfTheId() {
        succeeds(append("summarize", "numbers"));

        refuses(
                append("summarize", "a.jsonl"),
                "has the column id as bigint, expected string as this run has it; name another output, or write that one"
                        + " anew with --mode overwrite");
    }

    @Test
    void refusesOtherDirectories() {
        succeeds(append("summarize", "a.jsonl", "--keep-columns", "lang"));

        refuses(
                append("summarize", "a.jsonl", "--keep-columns", "lang", "--partition-by", "lang"),
                "is partitioned by nothing, expected lang as this run has it; leave out --partition-by, or name another"
                        + " output");
        succeeds(run(
                "summarize", "a.jsonl", "--mode", "overwrite", "--keep-columns", "lang,n", "--partition-by", "lang,n"));
        succeeds(append("summarize", "a.jsonl", "--keep-columns", "lang,n", "--partition-by", "lang,n"));
        refuses(
                append("summarize", "a.jsonl", "--keep-columns", "lang,n", "--partition-by", "n,lang"),
                "is partitioned by lang,n, expected n,lang as this run has it; give --partition-by lang,n, or name another"
                        + " output");
        refuses(
                append("summarize", "a.jsonl", "--keep-columns", "lang,n"),
                "is partitioned by lang,n, expected nothing");
    }

    @Test
    void refusesTheDataOfOtherPrograms() throws IOException {
        spark.range(3).write().parquet(output);

        refuses(append("summarize", "a.jsonl"), "has no column ");
        Path texts = Files.createDirectories(directory.resolve("texts"));
        Files.writeString(texts.resolve("notes.txt"), "mine");
        output = texts.toString();
        assertThat(append("summarize", "a.jsonl").err())
                .isEqualToIgnoringNewLines("Cannot append to --output " + output
                        + ": it holds notes.txt, expected Parquet files alone, so that readers see what is added; name"
                        + " another");
    }

    @Test
    void refusesAnotherModelByTheStatisticsOfTheFiles() throws IOException {
        succeeds(append("summarize", "a.jsonl"));

        ExistingRows rows = OutputFolder.at(output, new Configuration()).rows().get(0);

        assertThat(rows.models()).containsExactly(CountingSummarizer.MODEL);
        StructType schema = spark.read().parquet(output).schema();
        assertThat(rows.difference(schema, java.util.List.of(), Optional.of(CountingSummarizer.MODEL)))
                .isEmpty();
        assertThat(rows.difference(schema, java.util.List.of(), Optional.of("counting@ffff")))
                .hasValue("holds rows of the model " + CountingSummarizer.MODEL
                        + ", expected counting@ffff; name another output, or the model of those rows");
    }

    @Test
    void tellsTypesApartButNotWhatMayBeNull() {
        StructType rows = new StructType().add("id", DataTypes.LongType, false).add("text", DataTypes.StringType);
        ExistingRows existing = new ExistingRows(rows, java.util.List.of(), Set.of(), "x");

        assertThat(existing.difference(
                        new StructType().add("text", DataTypes.StringType).add("id", DataTypes.LongType),
                        java.util.List.of(),
                        Optional.empty()))
                .isEmpty();
    }

    @Test
    void refusesTheSameOfTables() {
        String table = "appended_" + System.nanoTime();
        try {
            succeeds(toTable(table, "summarize", "a.jsonl", "--keep-columns", "lang", "--partition-by", "lang"));
            succeeds(toTable(table, "summarize", "a.jsonl", "--keep-columns", "lang", "--partition-by", "lang"));
            assertThat(spark.table(table).count()).isEqualTo(2);

            refuses(
                    toTable(table, "embed", "a.jsonl", "--keep-columns", "lang", "--partition-by", "lang"),
                    "it holds the rows of summarize");
            refuses(
                    toTable(table, "summarize", "a.jsonl", "--keep-columns", "lang"),
                    "it is partitioned by lang, expected nothing");
            refuses(
                    toTable(table, "summarize", "numbers", "--keep-columns", "lang", "--partition-by", "lang"),
                    "it has the column id as string, expected bigint");
        } finally {
            spark.sql("DROP TABLE IF EXISTS " + table);
        }
    }

    private static void refuses(TestCommands.Outcome outcome, String difference) {
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("Cannot append to --output").contains(difference);
        assertThat(outcome.err().lines()).hasSize(1);
    }

    private static void succeeds(TestCommands.Outcome outcome) {
        assertThat(outcome.status()).as(outcome.err()).isZero();
    }

    private TestCommands.Outcome append(String job, String input, String... more) {
        return run(
                job,
                input,
                Stream.concat(Stream.of("--mode", "append"), Stream.of(more)).toArray(String[]::new));
    }

    private TestCommands.Outcome run(String job, String input, String... more) {
        return command(job, input, Stream.concat(Stream.of("--output", output), Stream.of(more)));
    }

    private TestCommands.Outcome toTable(String table, String job, String input, String... more) {
        return command(
                job, input, Stream.concat(Stream.of("--output-table", table, "--mode", "append"), Stream.of(more)));
    }

    private TestCommands.Outcome command(String job, String input, Stream<String> more) {
        return commands.run(Stream.concat(Stream.of(job, "--quiet", "--input", directory + "/" + input), more)
                .toArray(String[]::new));
    }
}
