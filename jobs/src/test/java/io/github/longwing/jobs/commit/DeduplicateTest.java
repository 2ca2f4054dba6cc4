package io.github.longwing.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Equal texts are computed once in a run, and each document has its row. */
class DeduplicateTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;
    private Path input;
    private Path output;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void open() throws IOException {
        commands = TestCommands.in(directory.resolve("small"));
        input = directory.resolve("in.jsonl");
        output = directory.resolve("out");
        write(IntStream.range(0, 20).mapToObj(i -> document("a" + i, i % 5 == 0 ? "one of " + i : "the same text")));
    }

    @Test
    void computesEqualTextsOnce() {
        TestCommands.Outcome outcome = run("--deduplicate", "--keep-columns", "kept", "--slice-minutes", "0.0001");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("20 documents (0 errors, 15 with the text of another), " + 5 * 4 + " input tokens");
        Dataset<Row> rows = spark.read().parquet(output.toString());
        assertThat(rows.select("id").distinct().count()).isEqualTo(20);
        assertThat(rows.where("kept = concat('of ', id)").count()).isEqualTo(20);
        assertThat(rows.where("summary = '3 words'").count()).isEqualTo(20);
    }

    @Test
    void goesOnWhereTheRunBeforeComputedEach() {
        run("--limit", "8");

        TestCommands.Outcome outcome = run("--deduplicate");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains(
                        "12 documents (0 errors, 9 with the text of another)",
                        "With earlier runs it has 20 documents (0 errors)");
    }

    @Test
    void hasAnErrorForEachDocumentOfATextThatCannotBeProcessed() throws IOException {
        write(Stream.of(document("a", "fail here"), document("b", "fail here"), document("c", "fine")));

        TestCommands.Outcome outcome = run("--deduplicate");

        assertThat(outcome.out()).contains("3 documents (2 errors)");
        assertThat(spark.read()
                        .parquet(output.toString())
                        .where("error is not null")
                        .selectExpr("id", "error.message")
                        .collectAsList())
                .hasSize(2)
                .allMatch(row -> row.getString(1).contains("document " + row.getString(0)))
                .anyMatch(row -> row.getString(1).contains(", whose text is that of document "));
    }

    @Test
    void refusesToDrawForSeveralDocumentsAtOnce() {
        TestCommands.Outcome outcome = run("--deduplicate", "--do-sample", "true", "--num-beams", "1");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("Cannot use --deduplicate with --do-sample true");
    }

    private static String document(String id, String text) {
        return "{\"id\": \"" + id + "\", \"text\": \"" + text + "\", \"kept\": \"of " + id + "\"}";
    }

    private void write(Stream<String> lines) throws IOException {
        Files.write(input, lines.toList());
    }

    private TestCommands.Outcome run(String... more) {
        return commands.run(Stream.concat(
                        Stream.of("summarize", "--input", input.toString(), "--output", output.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }
}
