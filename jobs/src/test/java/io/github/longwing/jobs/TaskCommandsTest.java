package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.longwing.config.Architecture;
import io.github.longwing.jobs.command.Backend;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.spark.models.ModelLocator;
import io.github.longwing.store.CacheEntry;
import io.github.longwing.store.ModelCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jobs of classify, answer, generate and embed, and what they refuse before any task runs. */
class TaskCommandsTest {
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
    void writeInput() throws IOException {
        commands = TestCommands.in(directory);
        output = directory.resolve("out").toString();
        input = Files.writeString(directory.resolve("documents.jsonl"), """
                        {"id": "a", "text": "one two three", "question": "two?"}
                        {"id": "b", "text": "", "question": "three?"}
                        """).toString();
    }

    @Test
    void classifiesAsTheOptionsSay() {
        commands.withArchitecture(Architecture.SEQUENCE_CLASSIFICATION);

        TestCommands.Outcome outcome = run(
                "classify",
                "--model",
                "m",
                "--top-k",
                "2",
                "--threshold",
                "0.25",
                "--pooling",
                "MAX",
                "--locale",
                "pt-BR",
                "--window-overlap",
                "7",
                "--max-source-tokens",
                "512");

        assertThat(outcome.err().replaceAll(" +", " "))
                .contains(
                        "longwing classify",
                        "long-documents windows (default)",
                        "locale pt-BR (command line)",
                        "max-source-tokens 512 (command line)",
                        "threshold 0.25 (command line)",
                        "evidence 0 (default)");
        assertThat(outcome.out())
                .matches("(?s)Input: .*\\R2 documents \\(1 error\\), 4 input tokens in \\d+\\.\\d s, written to .*\\R");
        Row row = rows().get(0);
        assertThat(row.<String>getAs("label"))
                .isEqualTo("MAX 2 of WindowOptions[longDocuments=WINDOWS, maxSourceTokens=512, windowOverlap=7,"
                        + " locale=pt_BR]");
        assertThat(row.<Double>getAs("probability")).isEqualTo(0.25);
        assertThat(rows().get(1).<Row>getAs("error").getString(0)).isEqualTo("EmptyText");
    }

    @Test
    void answersTheQuestionOfEachDocument() {
        commands.withArchitecture(Architecture.QUESTION_ANSWERING);

        TestCommands.Outcome outcome = run(
                "answer",
                "--model",
                "m",
                "--n-best",
                "3",
                "--max-answer-length",
                "9",
                "--no-answer-threshold",
                "-1.5",
                "--keep-columns",
                "question");

        assertThat(outcome.err().replaceAll(" +", " ")).contains("window-overlap 128 (default)", "n-best 3 (command");
        assertThat(outcome.out()).contains("\n2 documents (1 error), 4 input tokens in");
        Row row = rows().get(0);
        assertThat(List.of(row.schema().fieldNames()))
                .startsWith("id", "question", "answer", "score", "begin", "end", "answers", "no_answer_score");
        assertThat(row.<String>getAs("answer")).isEqualTo("two?");
        assertThat(row.<Double>getAs("score")).isEqualTo(3);
        assertThat(row.<Integer>getAs("end")).isEqualTo(9);
        assertThat(row.<Double>getAs("no_answer_score")).isEqualTo(-1.5);
    }

    @Test
    void answersManyQuestionsOfADocumentWithARowEach() throws IOException {
        commands.withArchitecture(Architecture.QUESTION_ANSWERING);
        input = Files.writeString(directory.resolve("many.jsonl"), """
                        {"id": "a", "text": "one", "asked": ["x", "y", null]}
                        {"id": "b", "text": "two", "asked": []}
                        """).toString();

        TestCommands.Outcome outcome = run("answer", "--model", "m", "--questions-column", "asked");

        assertThat(outcome.out()).contains("\n4 questions (2 errors), 4 input tokens in");
        assertThat(spark.read().parquet(output).orderBy("id", "question_index").collectAsList())
                .extracting(row -> row.get(0), row -> row.get(1), row -> row.get(2), row -> row.getAs("answer"))
                .containsExactly(
                        tuple("a", "x", 0, "x"),
                        tuple("a", "y", 1, "y"),
                        tuple("a", null, 2, null),
                        tuple("b", null, null, null));
    }

    @Test
    void boundsTheUsualOverlapByTheWindow() {
        commands.withArchitecture(Architecture.QUESTION_ANSWERING);

        TestCommands.Outcome outcome = run("answer", "--model", "m", "--max-source-tokens", "64");

        assertThat(outcome.err().replaceAll(" +", " ")).contains("window-overlap 31 (default)");
    }

    @Test
    void continuesPrompts() {
        commands.withArchitecture(Architecture.CAUSAL_LM);

        TestCommands.Outcome outcome = run(
                "generate", "--model", "m", "--max-prompt-tokens", "11", "--max-new-tokens", "20", "--num-beams", "1");

        assertThat(outcome.err().replaceAll(" +", " "))
                .contains("max-prompt-tokens 11 (command line)", "newlines newline (default)", "num-beams 1 (command");
        assertThat(outcome.out()).contains("\n2 documents (1 error), 4 input tokens and 11 output tokens in");
        assertThat(rows().get(0).<String>getAs("generated")).isEqualTo("one two three ...");
    }

    @Test
    void embedsWithTheModelOfTheJarOrAnyOtherWithAnEncoder() {
        TestCommands.Outcome outcome = run("embed", "--normalize", "--pooling", "eos");

        assertThat(outcome.err().replaceAll(" +", " "))
                .contains("model the one that the jar carries (default)", "normalize true (command line)");
        assertThat(rows().get(0).<Float>getList(1)).containsExactly(1f, 1f);

        commands.withArchitecture(Architecture.BASE);
        assertThat(run("embed", "--mode", "overwrite").status()).isZero();
        assertThat(rows().get(0).<Float>getList(1)).containsExactly(0f, 0f);
    }

    @Test
    void asksForAModelWhereTheJarCarriesNoneForTheTask() {
        refuses("generate")
                .isEqualTo("Cannot generate: there is no model, expected one whose architectures is"
                        + " BigBirdPegasusForCausalLM, since the jar carries none for this task; name one, such as"
                        + " --model /models/mine or --model owner/name");
    }

    @ParameterizedTest
    @CsvSource({
        "answer, BigBirdPegasusForQuestionAnswering",
        "generate, BigBirdPegasusForCausalLM",
    })
    void refusesModelsOfOtherTasks(String job, String architecture) {
        refuses(job, "--model", "m")
                .isEqualTo("Cannot " + job + " with this model: architectures is"
                        + " BigBirdPegasusForConditionalGeneration, expected " + architecture
                        + "; name another with --model");
    }

    @Test
    void refusesToEmbedWithoutAnEncoder() {
        commands.withArchitecture(Architecture.CAUSAL_LM);

        refuses("embed", "--model", "m")
                .startsWith("Cannot embed with this model: architectures is BigBirdPegasusForCausalLM, expected"
                        + " BigBirdPegasusForConditionalGeneration or BigBirdPegasusForSequenceClassification or");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classify", "answer", "embed"})
    void onlySummariesAreSummarizedAgain(String job) {
        refuses(job, "--model", "m", "--long-documents", "hierarchical")
                .isEqualTo("Cannot " + job + ": --long-documents is hierarchical, expected truncate or windows, since"
                        + " only summaries can be summarized again; change it");
    }

    @Test
    void refusesWindowsThatCannotBe() {
        refuses("embed", "--window-overlap", "-1").startsWith("Cannot use --window-overlap: it is -1, expected");
        refuses("embed", "--window-overlap", "511", "--max-source-tokens", "512")
                .isEqualTo("Cannot embed: --window-overlap is 511, expected 0 to 510, less than a window of 512 tokens;"
                        + " lower it");
        refuses("embed", "--max-source-tokens", "1")
                .isEqualTo("Cannot embed: --max-source-tokens is 1, expected at least 2; change it or leave it out");
        refuses("embed", "--long-documents", "windoes")
                .startsWith("Cannot use --long-documents: it is \"windoes\", expected one of truncate, windows");
    }

    @Test
    void refusesLanguagesThatAreNone() {
        refuses("embed", "--locale", "en_US")
                .isEqualTo("Cannot embed: --locale is en_US, expected a language tag such as en, pt-BR or zh-Hant;"
                        + " change it or leave it out");
        refuses("embed", "--locale", "qx").startsWith("Cannot embed: --locale is qx, expected a language tag");
        assertThat(run("embed", "--locale", "yue-Hant").status()).isZero();
    }

    @Test
    void refusesNumbersThatCannotBe() {
        commands.withArchitecture(Architecture.SEQUENCE_CLASSIFICATION);
        refuses("classify", "--model", "m", "--top-k", "0")
                .isEqualTo("Cannot use --top-k: it is 0, expected a whole number from 1 up");
        refuses("classify", "--model", "m", "--threshold", "1.5")
                .isEqualTo("Cannot use --threshold: it is 1.5, expected a number from 0 to 1");
        refuses("classify", "--model", "m", "--evidence", "-1").startsWith("Cannot use --evidence: it is -1");
        refuses("answer", "--model", "m", "--n-best", "0").startsWith("Cannot use --n-best: it is 0");
        refuses("answer", "--model", "m", "--max-answer-length", "0").startsWith("Cannot use --max-answer-length");
        refuses("generate", "--model", "m", "--max-prompt-tokens", "0").startsWith("Cannot use --max-prompt-tokens");
    }

    @Test
    void refusesAPromptThatLeavesNoRoomForText() {
        commands.withArchitecture(Architecture.CAUSAL_LM);

        refuses("generate", "--model", "m", "--max-new-tokens", "96", "--max-prompt-tokens", "4001")
                .isEqualTo("Cannot generate: --max-prompt-tokens is 4001, expected 1 to 4000, which the model's"
                        + " max_position_embeddings and the limit of the text leave; lower it or leave it out");
    }

    @Test
    void refusesQuestionsThatAreNotClear() {
        commands.withArchitecture(Architecture.QUESTION_ANSWERING);

        refuses("answer", "--model", "m", "--question-column", "question", "--questions-column", "questions")
                .startsWith("Cannot use both --question-column question and --questions-column questions");
        refuses("answer", "--model", "m", "--question-column", "qestion").contains("(did you mean question?)");
        refuses("answer", "--model", "m", "--questions-column", "question").contains("expected array<string>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "parquet", "orc", "avro"})
    void refusesFilesOfWhichOneLacksTheQuestions(String format) throws IOException {
        commands.withArchitecture(Architecture.QUESTION_ANSWERING);
        for (String column : List.of("question", "questions")) {
            boolean one = column.equals("question") || format.equals("csv"); // which has no arrays
            Path in = directory.resolve("in-" + column);
            Path lacks = file(format, in.resolve("a"), "SELECT 'a' AS id, 'one' AS text");
            file(
                    format,
                    in.resolve("b"),
                    "SELECT 'b' AS id, 'two' AS text, " + (one ? "'why?'" : "array('why?')") + " AS " + column);
            input = in.toString();
            output = directory.resolve("out-" + column).toString();

            refuses("answer", "--model", "mine")
                    .startsWith("Cannot read " + lacks + ": ")
                    .contains(" has no column " + column)
                    .endsWith("; add it, or give the files to runs of their own");
            refuses("answer", "--model", "mine", "--" + column + "-column", column)
                    .startsWith("Cannot read " + lacks + ": ")
                    .contains(" has no column " + column);
            assertThat(run("embed", "--model", "mine").out())
                    .as("only answers need it")
                    .contains("\n2 documents (0 errors)");
        }
    }

    /** A file with these rows in a folder of its own. */
    private static Path file(String format, Path folder, String query) throws IOException {
        spark.sql(query)
                .coalesce(1)
                .write()
                .option("header", true)
                .format(format)
                .save(folder.toString());
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith("." + format))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aDryRunTellsHowManyWindowsLongDocumentsMake() throws IOException {
        input = Files.writeString(
                        directory.resolve("long.jsonl"),
                        "{\"id\": 1, \"text\": \"" + "word and word ".repeat(100)
                                + "\"}\n{\"id\": 2, \"text\": \"a\"}\n")
                .toString();

        assertThat(dryRun("embed", "--max-source-tokens", "64"))
                .containsPattern("; 1 longer than 64, read in about \\d+ windows\\R")
                .contains("embedding: array<float>");
        assertThat(dryRun("embed", "--max-source-tokens", "64", "--long-documents", "truncate"))
                .containsPattern("; 1 longer than 64 and cut\\R");
        commands.withArchitecture(Architecture.QUESTION_ANSWERING);
        input = Files.writeString(
                        directory.resolve("asked.jsonl"), "{\"id\": 1, \"text\": \"a\", \"questions\": [\"b\"]}\n")
                .toString();
        assertThat(dryRun("answer", "--model", "m"))
                .contains("question: string", "question_index: int", "Time, roughly");
    }

    @Test
    void aDryRunCountsEveryQuestionOfAnArray() throws IOException {
        commands.withArchitecture(Architecture.QUESTION_ANSWERING);
        String few = "{\"id\": 1, \"text\": \"a\", \"questions\": [\"b\"]}\n";
        String many = few.replace("\"b\"", "\"b\", ".repeat(49_999) + "\"b\"");

        input = Files.writeString(directory.resolve("few.jsonl"), few).toString();
        assertThat(dryRun("answer", "--model", "m")).contains("Time, roughly: 0 s");
        input = Files.writeString(directory.resolve("many.jsonl"), many).toString();
        assertThat(dryRun("answer", "--model", "m"))
                .contains("Tokens of 1 of 1 document with a text")
                .doesNotContain("Time, roughly: 0 s");
    }

    @Test
    void aJobGivesItsModelBackToTheCache() {
        Backend backend = new Backend(ModelLocator.ofThisMachine(), new EchoTasks());
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, Terminal.ProgressStyle.PLAIN, Optional.empty());

        // no other test has this model in use
        int status = Longwing.run(
                terminal,
                backend,
                "summarize",
                "--random-blocks",
                "paper",
                "--precision",
                "int8",
                "--input",
                input,
                "--output",
                output);

        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
        ModelCache cache = ModelCache.fromEnvironment();
        List<String> keys = cache.list().stream()
                .map(CacheEntry::key)
                .filter(key -> key.contains("int8-paper"))
                .toList();
        assertThat(keys).hasSize(1);
        assertThat(cache.remove(keys.get(0)))
                .as("nobody uses the model any more")
                .isTrue();
    }

    private String dryRun(String job, String... more) {
        TestCommands.Outcome outcome =
                commands.run(Stream.concat(Stream.of(job, "--input", input, "--dry-run"), Stream.of(more))
                        .toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return outcome.out();
    }

    private TestCommands.Outcome run(String job, String... more) {
        TestCommands.Outcome outcome =
                commands.run(Stream.concat(Stream.of(job, "--input", input, "--output", output), Stream.of(more))
                        .toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return outcome;
    }

    private AbstractStringAssert<?> refuses(String job, String... more) {
        TestCommands.Outcome outcome =
                commands.run(Stream.concat(Stream.of(job, "--input", input, "--output", output), Stream.of(more))
                        .toArray(String[]::new));
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(Path.of(output)).doesNotExist();
        return assertThat(outcome.err().strip());
    }

    private List<Row> rows() {
        return spark.read().parquet(output).orderBy("id").collectAsList();
    }
}
