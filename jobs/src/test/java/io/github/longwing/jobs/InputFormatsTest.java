package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every format that the job reads, from real files; what cannot be read is refused before any task runs. */
class InputFormatsTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void prepareCommands() {
        commands = TestCommands.in(directory);
    }

    @Test
    void readsJsonLines() throws IOException {
        write("a.jsonl", "{\"id\": \"x\", \"text\": \"one two\"}\n{\"id\": \"y\", \"text\": \"three\"}\n");

        assertThat(summaries("a.jsonl")).containsExactlyInAnyOrder("x: 2 words", "y: 1 words");
    }

    @Test
    void readsCompressedJsonLines() throws IOException {
        try (OutputStream stream = new GZIPOutputStream(Files.newOutputStream(directory.resolve("a.json.gz")))) {
            stream.write("{\"id\": \"x\", \"text\": \"one\"}\n{\"id\": \"y\", \"text\": \"two\"}\n"
                    .getBytes(StandardCharsets.UTF_8));
        }

        assertThat(summaries("a.json.gz")).containsExactlyInAnyOrder("x: 1 words", "y: 1 words");
    }

    @Test
    void readsJsonThatIsOneArray() throws IOException {
        write(
                "a.json",
                "\n[\n  {\"id\": \"x\",\n   \"text\": \"one two\"},\n  {\"id\": \"y\", \"text\": \"three\"}\n]\n");

        assertThat(summaries("a.json")).containsExactlyInAnyOrder("x: 2 words", "y: 1 words");
    }

    @Test
    void readsJsonThatIsOneRecordOverSeveralLines() throws IOException {
        write("a.json", "{\n  \"id\": \"x\",\n  \"text\": \"one two\"\n}\n");

        assertThat(summaries("a.json")).containsExactly("x: 2 words");
    }

    @Test
    void aDamagedLineOfJsonCostsOneErrorRow() throws IOException {
        write(
                "a.jsonl",
                "{\"id\": \"x\", \"text\": \"one\"}\n{\"id\": \"y\", \"te\n{\"id\": \"z\", \"text\": \"two\"}\n");

        assertThat(summaries("a.jsonl")).containsExactlyInAnyOrder("x: 1 words", "null: MalformedRecord", "z: 1 words");
    }

    @Test
    void readsJsonInTwoLayouts() throws IOException {
        write("a.json", "[{\"id\": \"x\", \"text\": \"one\"}]\n");
        write("b.jsonl", "{\"id\": \"y\", \"text\": \"two\"}\n");

        assertThat(summaries("a.json", "b.jsonl")).containsExactlyInAnyOrder("x: 1 words", "y: 1 words");
    }

    @Test
    void readsCsvWithQuotesAndLineBreaksAndLeavesIdsAlone() throws IOException {
        write("a.csv", "\uFEFFid,text\n007,\"one, \"\"two\"\"\nthree\"\n008,four\n");

        assertThat(summaries("a.csv")).containsExactlyInAnyOrder("007: 3 words", "008: 1 words");
    }

    @Test
    void readsTabSeparatedValues() throws IOException {
        write("a.tsv", "id\ttext\nx\tone, two\n");

        assertThat(summaries("a.tsv")).containsExactly("x: 2 words");
    }

    @Test
    void readsEachTextFileAsADocumentUnderItsPath() throws IOException {
        Files.createDirectory(directory.resolve("texts"));
        write("texts/a b+c%20.txt", "one\ntwo\n\nthree");
        write("texts/[d].txt", "four");
        write("texts/empty.txt", "");
        Files.write(directory.resolve("texts/damaged.txt"), new byte[] {'a', (byte) 0xC3, (byte) 0x28});
        write("texts/.hidden.txt", "five");

        assertThat(summaries("texts"))
                .containsExactlyInAnyOrder(
                        path("texts/a b+c%20.txt") + ": 3 words",
                        path("texts/[d].txt") + ": 1 words",
                        path("texts/empty.txt") + ": EmptyText",
                        path("texts/damaged.txt") + ": UndecodableText");
    }

    @Test
    void readsWhatSparkWrites() throws IOException {
        write("a.jsonl", "{\"id\": 5, \"text\": \"one two\"}\n");
        for (String format : List.of("parquet", "orc", "avro")) {
            spark.read().json(path("a.jsonl")).write().format(format).save(path("as-" + format));

            assertThat(summaries("as-" + format)).containsExactly("5: 2 words");
        }
    }

    @Test
    void readsGlobsAndSeveralInputsAndNamesThatLookLikePatterns() throws IOException {
        write("part-1.jsonl", "{\"id\": \"a\", \"text\": \"one\"}\n");
        write("part-2.jsonl", "{\"id\": \"b\", \"text\": \"two\"}\n");
        write("more {x} [1]2*.jsonl", "{\"id\": \"c\", \"text\": \"three\"}\n");

        assertThat(summaries("part-*.jsonl", "more {x} [1]2*.jsonl"))
                .containsExactlyInAnyOrder("a: 1 words", "b: 1 words", "c: 1 words");
    }

    @Test
    void readsAUriAndAFormatThatTheNameDoesNotTell() throws IOException {
        write("documents", "{\"id\": \"a\", \"text\": \"one\"}\n");
        String output = path("out-uri");

        TestCommands.Outcome outcome = commands.run(
                "summarize",
                "--input",
                directory.resolve("documents").toUri().toString(),
                "--format",
                "json",
                "--output",
                output);

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(rows(output)).containsExactly("a: 1 words");
    }

    @Test
    void readsATableAndAView() throws IOException {
        write("a.jsonl", "{\"id\": \"a\", \"text\": \"one\"}\n");
        spark.read().json(path("a.jsonl")).createOrReplaceTempView("some_documents");

        TestCommands.Outcome outcome =
                commands.run("summarize", "--table", "some_documents", "--output", path("out-table"));

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(rows(path("out-table"))).containsExactly("a: 1 words");
    }

    @Test
    void refusesATableThatIsNotThere() {
        assertThat(refused("--table", "nowhere.documents"))
                .startsWith("Cannot read --table nowhere.documents: ")
                .endsWith("expected a table or view of Spark's catalog; check its name and its database");
    }

    @Test
    void refusesAPathThatIsNotThere() {
        assertThat(refused("--input", path("none.jsonl")))
                .isEqualTo("Cannot read --input " + path("none.jsonl")
                        + ": there is no such file or directory, expected one that exists; check the name");
        assertThat(refused("--input", path("none-*.jsonl"))).contains("there is no such file or directory");
    }

    @Test
    void refusesAFileSystemThatIsNotThereWithoutShowingSecrets() {
        assertThat(refused("--input", "nosuch://user:hush@host/a.jsonl"))
                .startsWith("Cannot read --input nosuch://*****@host/a.jsonl: ")
                .contains("nosuch")
                .doesNotContain("hush");
    }

    @Test
    void refusesAFormatThatItCannotGuess() throws IOException {
        write("documents.xyz", "?");
        write("a.csv", "id,text\n");
        write("a.jsonl", "{}\n");

        assertThat(refused("--input", path("documents.xyz")))
                .startsWith("Cannot guess the format of ")
                .contains("documents.xyz: expected a name that ends in .parquet, ")
                .endsWith("; name it with --format");
        assertThat(refused("--input", path("a.csv"), "--input", path("a.jsonl")))
                .isEqualTo(
                        "Cannot guess the format of the input: a.csv is csv and a.jsonl is json, expected one format;"
                                + " name it with --format or give the files to runs of their own");
    }

    @Test
    void refusesAFormatThatSparkDoesNotHave() throws IOException {
        write("a.jsonl", "{}\n");

        assertThat(refused("--input", path("a.jsonl"), "--format", "jsno"))
                .startsWith(
                        "Cannot read --input " + path("a.jsonl") + ": Spark has no source for --format jsno, expected")
                .contains("(did you mean json?)")
                .contains("--conf spark.jars.packages=GROUP:ARTIFACT:VERSION");
    }

    @Test
    void refusesFilesThatAreNotOfTheirFormat() throws IOException {
        write("a.parquet", "this is no Parquet");

        assertThat(refused("--input", path("a.parquet")))
                .startsWith("Cannot read --input " + path("a.parquet") + " as parquet: ");
        write("a.avro", "Obj");
        assertThat(refused("--input", path("a.avro")))
                .isEqualTo("Cannot read --input " + path("a.avro") + " as avro: its footer cannot be read (Not an Avro"
                        + " data file.), expected a file of that format; name another with --format");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    private String path(String name) {
        return directory + "/" + name;
    }

    /** Summarizes inputs of this directory and gives each row in short. */
    private List<String> summaries(String... inputs) {
        String output = path("out-" + System.nanoTime());
        List<String> arguments = new ArrayList<>(List.of("summarize", "--output", output));
        for (String input : inputs) {
            arguments.addAll(List.of("--input", path(input)));
        }
        TestCommands.Outcome outcome = commands.run(arguments.toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return rows(output);
    }

    private static List<String> rows(String output) {
        return spark
                .read()
                .parquet(output)
                .selectExpr("concat(coalesce(cast(id as string), 'null'), ': ', coalesce(summary, error.class))")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    private String refused(String... input) {
        String output = path("refused");
        TestCommands.Outcome outcome =
                commands.run(Stream.concat(Stream.of("summarize", "--output", output), Stream.of(input))
                        .toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(Path.of(output)).doesNotExist();
        return outcome.err().strip();
    }
}
