package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Hadoop's file systems hold is read as local files are. */
class RemoteInputTest {
    private static final String FAR = "fs.far.impl";

    @TempDir
    private Path directory;

    private SparkSession spark;
    private TestCommands commands;

    @BeforeEach
    void prepare() throws IOException {
        spark = TestCommands.spark();
        spark.sparkContext().hadoopConfiguration().set(FAR, FarFileSystem.class.getName());
        commands = TestCommands.in(directory.resolve("model"));
        Files.createDirectories(directory.resolve("in/lang=a b"));
    }

    @AfterEach
    void forget() {
        spark.sparkContext().hadoopConfiguration().unset(FAR);
    }

    @Test
    void foldersNamesCompressionAndPartitionsAreReadAsOnALocalDisk() throws IOException {
        write("in/a b%20+é [1].jsonl", "{\"id\": \"a\", \"text\": \"one\"}\n{\"id\": \"b\", \"te\n");
        write("in/_hidden.jsonl", "{\"id\": \"x\", \"text\": \"one\"}\n");
        try (OutputStream stream =
                new GZIPOutputStream(Files.newOutputStream(directory.resolve("in/lang=a b/日本.jsonl.gz")))) {
            stream.write("{\"id\": \"c\", \"text\": \"two\"}\n".getBytes(StandardCharsets.UTF_8));
        }

        TestCommands.Outcome outcome = run("in", "--keep-columns", "lang");

        assertThat(rows("concat(coalesce(id, error.class), ' ', coalesce(lang, 'none'))"))
                .containsExactlyInAnyOrder("a none", "MalformedRecord none", "c a b");
        assertThat(rows("error.message").stream().filter(m -> m != null))
                .singleElement()
                .asString()
                .startsWith("Cannot read line 2 of far:" + directory + "/in/a b%20+é [1].jsonl as JSON: ");
        assertThat(outcome.out())
                .contains(
                        "3 files found, 2 read, 1 left out (1 with a hidden name); 3 records found, 2 read, 1 malformed");
    }

    @Test
    void aLargeFileIsReadInParts() throws IOException {
        int count = 6_000;
        write(
                "in/large.jsonl",
                IntStream.range(0, count)
                        .mapToObj(i -> "{\"id\": " + i + ", \"text\": \"t" + "é".repeat(600) + "\"}")
                        .collect(Collectors.joining("\n")));

        run("in/*.jsonl");

        assertThat(rows("id")).hasSize(count).doesNotHaveDuplicates().doesNotContainNull();
    }

    @Test
    void textsParquetAndCsvAreRead() throws IOException {
        write("in/é.txt", "one");
        spark.sql("SELECT 'p' AS id, 'one' AS text").write().parquet(directory + "/p q");
        write("c é.csv", "id,text\nc,one\n");

        run("in");
        assertThat(rows("id")).containsExactly("far:" + directory + "/in/é.txt");
        run("p q");
        assertThat(rows("id")).containsExactly("p");
        run("c é.csv");
        assertThat(rows("id")).containsExactly("c");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    private TestCommands.Outcome run(String input, String... more) {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "summarize",
                "--quiet",
                "--mode",
                "overwrite",
                "--input",
                "far:" + directory + "/" + input,
                "--output",
                directory + "/out"));
        arguments.addAll(List.of(more));
        TestCommands.Outcome outcome = commands.run(arguments.toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return outcome;
    }

    private List<String> rows(String expression) {
        return spark.read().parquet(directory + "/out").selectExpr(expression).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }
}
