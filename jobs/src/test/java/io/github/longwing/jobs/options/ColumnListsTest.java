package io.github.longwing.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How names of columns are written that have commas or quotes of their own. */
class ColumnListsTest {
    @TempDir
    private Path directory;

    @Test
    void keepsAColumnWithACommaInItsName() throws IOException {
        SparkSession spark = TestCommands.spark();
        TestCommands commands = TestCommands.in(directory);
        Path input = Files.writeString(
                directory.resolve("a.jsonl"),
                "{\"id\": \"a\", \"text\": \"one\", \"last, first\": \"Doe, Jo\", \"a \\\"b\\\"\": 1, \"lang\": \"en\"}\n");
        Path settings = Files.writeString(
                directory.resolve("my.properties"),
                "keep-columns=\"last, first\", lang\npartition-by=\"last, first\"\n");

        TestCommands.Outcome outcome = commands.run(
                "summarize",
                "--quiet",
                "--input",
                input.toString(),
                "--output",
                directory + "/out",
                "--keep-columns",
                "\"last, first\",\"a \"\"b\"\"\"",
                "--keep-columns",
                "lang");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(spark.read().parquet(directory + "/out").columns())
                .startsWith("id", "last, first", "a \"b\"", "lang");

        outcome = commands.run(
                "summarize",
                "--quiet",
                "--input",
                input.toString(),
                "--output",
                directory + "/partitioned",
                "--conf-file",
                settings.toString());
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(spark.read()
                        .parquet(directory + "/partitioned")
                        .select("`last, first`")
                        .first()
                        .getString(0))
                .isEqualTo("Doe, Jo");
    }
}
