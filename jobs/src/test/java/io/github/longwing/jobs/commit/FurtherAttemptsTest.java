package io.github.longwing.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose tasks fail for documents that end their processes begins again, as long as it finds more of them. */
class FurtherAttemptsTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;
    private Path output;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void open() {
        commands = TestCommands.in(directory.resolve("small"));
        output = directory.resolve("out");
    }

    @Test
    void goesOnUntilNoFurtherDocumentIsFound() throws IOException {
        TestCommands.Outcome outcome = run(marker('a'), marker('b'), marker('c'));

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.err())
                .contains("3 documents ended the process that ran them; going on, each document alone");
        assertThat(outcome.out()).contains("(0 errors)");
        assertThat(spark.read()
                        .parquet(output.toString())
                        .select("id")
                        .distinct()
                        .count())
                .isEqualTo(11);
        assertThat(Files.exists(output.resolve(RunLog.NAME + "/inflight")))
                .as("markers")
                .isFalse();
    }

    @Test
    void endsWhereAnAttemptFindsNothing() throws IOException {
        TestCommands.Outcome outcome = run(directory.resolve("elsewhere"));

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).doesNotContain("going on").contains("the process of this document ended");
    }

    private Path marker(char name) {
        return output.resolve(RunLog.NAME + "/inflight/" + String.valueOf(name).repeat(32));
    }

    private TestCommands.Outcome run(Path... markers) throws IOException {
        Path input = directory.resolve("in.jsonl");
        Files.write(
                input,
                Stream.concat(
                                IntStream.range(0, 8).mapToObj(i -> "fine " + i),
                                Stream.of(markers).map(marker -> "broken " + marker))
                        .map(text -> "{\"id\": " + Math.floorMod(text.hashCode(), Integer.MAX_VALUE) + ", \"text\": \""
                                + text + "\"}")
                        .toList());
        return commands.run("summarize", "--input", input.toString(), "--output", output.toString());
    }
}
