package io.github.longwing.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.CountingSummarizer;
import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The job from its files to its Parquet, on a real local Spark. */
class SummarizeCommandTest {
    private static final String DOCUMENTS = """
            {"id": "a", "title": "First", "year": 2001, "text": "one two three"}
            {"id": "b", "title": "Second", "year": 2002, "text": ""}
            {"id": "c", "title": "Third", "year": 2001, "text": "fail on purpose"}
            {"id": "d", "title": "Fourth", "year": 2002, "text": "four"}
            """;

    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;
    private String input;
    private String output;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void writeDocuments() throws IOException {
        commands = TestCommands.in(directory);
        input = Files.writeString(directory.resolve("documents.jsonl"), DOCUMENTS)
                .toString();
        output = directory.resolve("out").toString();
    }

    @Test
    void writesOneRowForEachDocumentAndCountsThem() {
        TestCommands.Outcome outcome = commands.run("summarize", "--input", input, "--output", output);

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .matches(
                        "(?s)Input: .*\\R4 documents \\(2 errors\\), 6 input tokens and 6 output tokens in \\d+\\.\\d s, written to "
                                + output + "\\R");
        Map<String, Row> rows = rowsById(output);
        assertThat(rows).containsOnlyKeys("a", "b", "c", "d");
        assertThat(rows.get("a").<String>getAs("summary")).isEqualTo("3 words");
        assertThat(rows.get("a").<String>getAs("model")).isEqualTo(CountingSummarizer.MODEL);
        assertThat(rows.get("a").<Row>getAs("error")).isNull();
        assertThat(rows.get("b").<Row>getAs("error").getString(0)).isEqualTo("EmptyText");
        assertThat(rows.get("c").<Row>getAs("error").getString(1))
                .isEqualTo("Cannot summarize document c: its scores are not numbers");
        assertThat(spark.read().parquet(output).columns())
                .containsExactly(
                        "id",
                        "summary",
                        "score",
                        "output_tokens",
                        "finish_reason",
                        "levels",
                        "sentences",
                        "input_tokens",
                        "truncated",
                        "windows",
                        "attention",
                        "model",
                        "fingerprint",
                        "error");
    }

    @Test
    void printsTheSettingsWithTheirOriginsWithoutSecrets() throws IOException {
        Path confFile = Files.writeString(directory.resolve("my.conf"), "num-beams=3\nlength_penalty=0.5\n");

        TestCommands.Outcome outcome = commands.run(
                "summarize",
                "--input",
                input,
                "--output",
                output,
                "--conf-file",
                confFile.toString(),
                "--set",
                "length-penalty=0.7",
                "--keep-columns",
                "title,year",
                "--conf",
                "spark.longwing.test.password=hush");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err().replaceAll(" +", " "))
                .contains(
                        "input " + input + " (command line)",
                        "keep-columns title, year (command line)",
                        "text-column text (default)",
                        "model the one that the jar carries (default)",
                        "num-beams 3 (" + confFile + ")",
                        "length-penalty 0.7 (--set)",
                        "extractive true (model)",
                        "conf spark.longwing.test.password=***** (command line)")
                .doesNotContain("hush");
    }

    @Test
    void takesTheCommandLineBeforeSetBeforeTheNamedFileBeforeTheJobsFile() throws IOException {
        Path conf = Files.createDirectory(directory.resolve("conf"));
        Files.writeString(conf.resolve("summarize.properties"), "num-beams=2\nmin-length=5\nmax-length=50\ntop-k=9\n");
        Path confFile = Files.writeString(directory.resolve("my.conf"), "num-beams=3\nmin-length=6\nmax-length=60\n");

        TestCommands.Outcome outcome = commands.withConf(conf)
                .run(
                        "summarize",
                        "--input",
                        input,
                        "--output",
                        output,
                        "--conf-file",
                        confFile.toString(),
                        "--set",
                        "num-beams=4",
                        "--set",
                        "min-length=7",
                        "--num-beams",
                        "5");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err().replaceAll(" +", " "))
                .contains(
                        "num-beams 5 (command line)",
                        "min-length 7 (--set)",
                        "max-length 60 (" + confFile + ")",
                        "top-k 9 (" + conf.resolve("summarize.properties") + ")",
                        "extractive true (model)");
    }

    @Test
    void takesEveryOptionOfAJobFromAFile() throws IOException {
        Path confFile = Files.writeString(
                directory.resolve("my.conf"),
                "input=" + input + "\noutput=" + output + "\nkeep-columns=title,year\npartition-by=year\nlimit=2\n");

        assertThat(commands.run("summarize", "--conf-file", confFile.toString()).status())
                .isZero();

        assertThat(spark.read().parquet(output).count()).isEqualTo(2);
        assertThat(Path.of(output))
                .isDirectoryContaining(path -> path.getFileName().toString().startsWith("year="));
    }

    @Test
    void keepsColumnsWithTheirTypesAndPutsThePrefixBeforeResults() {
        int status = commands.run(
                        "summarize",
                        "--input",
                        input,
                        "--output",
                        output,
                        "--keep-columns",
                        "year",
                        "--result-prefix",
                        "longwing_")
                .status();

        assertThat(status).isZero();
        Row row = rowsById(output).get("a");
        assertThat(row.<Long>getAs("year")).isEqualTo(2001);
        assertThat(row.<String>getAs("longwing_summary")).isEqualTo("3 words");
    }

    @Test
    void readsOtherColumnsThanTheUsualOnes() {
        int status = commands.run(
                        "summarize",
                        "--input",
                        input,
                        "--output",
                        output,
                        "--id-column",
                        "year",
                        "--text-column",
                        "title")
                .status();

        assertThat(status).isZero();
        assertThat(spark.read()
                        .parquet(output)
                        .select("year", "summary")
                        .distinct()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void givesSeveralSummariesOnRequest() {
        int status = commands.run(
                        "summarize",
                        "--input",
                        input,
                        "--output",
                        output,
                        "--num-beams",
                        "4",
                        "--no-extractive",
                        "--num-return-sequences",
                        "2")
                .status();

        assertThat(status).isZero();
        assertThat(rowsById(output).get("a").<Row>getList(1)).hasSize(2);
    }

    @Test
    void refusesWhatWouldCutSentencesWhileSummariesAreMadeOfThem() {
        refuses("--no-repeat-ngram-size", "3").contains("no_repeat_ngram_size is 3", "extractive");
        refuses("--num-return-sequences", "2", "--num-beams", "2").contains("num_return_sequences is 2", "extractive");
        refuses("--extractive", "--no-extractive").contains("--extractive and --no-extractive are both given");
    }

    @Test
    void leavesOutTheColumnOfSentencesWhereSummariesAreWrittenFreely() {
        TestCommands.Outcome outcome =
                commands.run("summarize", "--input", input, "--output", output, "--no-extractive");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err().replaceAll(" +", " "))
                .contains("no-extractive true (command line)")
                .doesNotContain("extractive true (model)");
        assertThat(spark.read().parquet(output).columns()).doesNotContain("sentences");
    }

    @Test
    void readsNoMoreThanTheLimit() {
        assertThat(commands.run("summarize", "--input", input, "--output", output, "--limit", "3")
                        .out())
                .contains("\n3 documents");
    }

    @Test
    void leavesOutDocumentsWithErrorsOnRequestAndCountsThem() {
        TestCommands.Outcome outcome =
                commands.run("summarize", "--input", input, "--output", output, "--on-error", "dropmalformed");

        assertThat(outcome.out()).contains("\n4 documents (2 errors)");
        assertThat(rowsById(output)).containsOnlyKeys("a", "d");
    }

    @Test
    void failfastEndsTheJobWithTheDocumentsError() {
        TestCommands.Outcome outcome =
                commands.run("summarize", "--input", input, "--output", output, "--on-error", "failfast", "--quiet");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).contains("Cannot").containsPattern("nothing was written to|committed to");
    }

    @Test
    void failsWhenMoreDocumentsFailThanAllowedAndKeepsWhatIsComplete() {
        TestCommands.Outcome outcome =
                commands.run("summarize", "--input", input, "--output", output, "--max-errors", "1", "--quiet");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualToIgnoringNewLines(
                        "Cannot accept the result: 2 of 4 documents failed so far, expected at most 1"
                                + " (--max-errors); " + output
                                + " is complete and its column error says why; once that is mended, run again with"
                                + " --retry-errors");
        assertThat(rowsById(output)).hasSize(4);
    }

    @Test
    void acceptsAsManyErrorsAsAllowed() {
        assertThat(commands.run("summarize", "--input", input, "--output", output, "--max-errors", "2")
                        .status())
                .isZero();
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES) // the slow documents would never end
    void cancelsALongJobAsSoonAsTooManyDocumentsHaveFailed() throws IOException {
        String slow = IntStream.range(0, 60)
                .mapToObj(i -> "{\"id\": " + i + ", \"text\": \"" + (i < 58 ? "fail" : "slow") + "\"}")
                .collect(Collectors.joining("\n"));
        Files.writeString(directory.resolve("slow.jsonl"), slow);

        TestCommands.Outcome outcome = commands.run(
                "summarize",
                "--input",
                directory.resolve("slow.jsonl").toString(),
                "--output",
                output,
                "--max-errors",
                "2",
                "--quiet");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("Cannot accept the result: ")
                .contains("expected at most 2 (--max-errors); ");
    }

    @Test
    void aDryRunShowsSchemaTokensAndEstimatesAndWritesNothing() {
        TestCommands.Outcome outcome =
                commands.run("summarize", "--input", input, "--dry-run", "--keep-columns", "title");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .contains("Input:", "  year: bigint", "Output:", "  title: string", "  summary: string")
                .containsPattern(
                        "Tokens of 3 of 4 documents with a text: \\d+ in all, median \\d+, least \\d+, most \\d+; 0"
                                + " longer than 4,096")
                .containsPattern(
                        "Memory of an executor besides its heap, roughly: 0\\.\\d+ GB for one window of [0-9,]+ tokens at a time")
                .containsPattern("Time, roughly: \\d+ s on 2 cores")
                .contains("no model was run and nothing was written");
        assertThat(Path.of(output)).doesNotExist();
    }

    @Test
    void refusesColumnsThatAreNotThere() {
        refuses("--text-column", "body")
                .startsWith("Cannot read the documents: the text column is body, expected one of the columns");
        refuses("--id-column", "ID2").contains("the id column is ID2");
        refuses("--keep-columns", "titl").contains("titl").contains("did you mean title?");
        refuses("--partition-by", "yaer", "--keep-columns", "year")
                .startsWith("Cannot partition the output: --partition-by names yaer, expected a column of the output")
                .contains("(did you mean year?)");
    }

    @Test
    void refusesAKeptColumnThatWouldBeAResult() throws IOException {
        input = Files.writeString(directory.resolve("scored.jsonl"), "{\"id\": 1, \"text\": \"t\", \"score\": 2}\n")
                .toString();

        refuses("--keep-columns", "score").contains("score").contains("--result-prefix");
    }

    @Test
    void refusesGenerationOptionsThatCannotBe() {
        refuses("--max-length", "5000")
                .contains("max_length 5000")
                .contains("4096")
                .contains("lower max_length");
        refuses("--num-beams", "0").contains("num_beams is 0, expected at least 1");
        refuses("--num-beams", "many").contains("num_beams").contains("many");
        refuses("--num-beams", "2", "--num-return-sequences", "3").contains("num_return_sequences is 3");
        refuses("--min-length", "90", "--max-length", "80").contains("min_length 90 is above max_length 80");
        refuses("--max-source-tokens", "5000")
                .isEqualTo("Cannot summarize: --max-source-tokens is 5000, expected 2 to 4096, the model's"
                        + " max_position_embeddings; change it or leave it out");
    }

    @Test
    void aSwitchAmongTheGenerationOptionsMeansTrue() {
        TestCommands.Outcome outcome = commands.run(
                "summarize",
                "--input",
                input,
                "--output",
                output,
                "--do-sample",
                "--num-beams",
                "1",
                "--early-stopping");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err().replaceAll(" +", " "))
                .contains("do-sample true (command line)", "early-stopping true (command line)");
    }

    @Test
    void refusesAModelThatDoesNotSummarize() throws IOException {
        Path config = commands.model().resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("ForConditionalGeneration", "ForSequenceClassification"));

        refuses()
                .startsWith("Cannot summarize with this model: architectures is"
                        + " BigBirdPegasusForSequenceClassification, expected BigBirdPegasusForConditionalGeneration");
    }

    @Test
    void refusesAModelWithoutATokenizer() throws IOException {
        Files.delete(commands.model().resolve("spiece.model"));

        refuses().contains("tokenizer.json").contains("spiece.model");
    }

    @Test
    void aQuietJobPrintsItsSummaryOnly() {
        TestCommands.Outcome outcome = commands.run("summarize", "--input", input, "--output", output, "--quiet");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines())
                .as("the account of the input and the closing line")
                .satisfiesExactly(account -> assertThat(account).startsWith("Input: "), closing -> assertThat(closing)
                        .startsWith("4 documents"));
    }

    private org.assertj.core.api.AbstractStringAssert<?> refuses(String... more) {
        String[] arguments = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("summarize", "--input", input, "--output", output),
                        java.util.stream.Stream.of(more))
                .toArray(String[]::new);
        TestCommands.Outcome outcome = commands.run(arguments);
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(Path.of(output)).doesNotExist();
        return assertThat(outcome.err().strip());
    }

    private static Map<String, Row> rowsById(String path) {
        Dataset<Row> rows = spark.read().parquet(path);
        List<Row> all = rows.collectAsList();
        return all.stream().collect(Collectors.toMap(row -> row.getAs("id"), Function.identity()));
    }
}
