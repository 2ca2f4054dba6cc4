package io.github.longwing.jobs.command;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.longwing.config.Architecture;
import io.github.longwing.evaluation.Rouge;
import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs beside references, on a real local Spark. */
class EvaluateCommandTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void prepare() {
        commands = TestCommands.in(directory);
    }

    private String write(String name, String... lines) throws IOException {
        return Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n")
                .toString();
    }

    /** An output with these rows, written as JSON. */
    private String output(String name, String schema, String... rows) throws IOException {
        String place = directory.resolve(name).toString();
        spark.read().schema(schema).json(write(name + ".jsonl", rows)).write().parquet(place);
        return place;
    }

    private TestCommands.Outcome evaluate(String task, String... arguments) {
        List<String> all = new ArrayList<>(List.of("evaluate", task));
        all.addAll(Arrays.asList(arguments));
        return commands.run(all.toArray(String[]::new));
    }

    private JsonObject report(String task, String... arguments) throws IOException {
        Path report = directory.resolve("report.json");
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--report", report.toString()));
        TestCommands.Outcome outcome = evaluate(task, all.toArray(String[]::new));

        assertThat(outcome.status()).as(outcome.err()).isZero();
        return JsonParser.parseString(Files.readString(report)).getAsJsonObject();
    }

    private static double value(JsonObject report, String method, String figure) {
        return report.getAsJsonObject("methods")
                .getAsJsonObject(method)
                .getAsJsonObject(figure)
                .get("value")
                .getAsDouble();
    }

    // --- summaries

    private static final String SUMMARIES = "id string, summary string, error struct<class: string, message: string>";

    private String summarized() throws IOException {
        return write(
                "documents.jsonl",
                "{'id': 'a', 'text': 'The cat sat on the mat. It slept.', 'gold': 'The cat sat.'}".replace('\'', '"'),
                "{'id': 'b', 'text': 'Dogs bark at night in the town.', 'gold': 'Dogs bark.'}".replace('\'', '"'),
                "{'id': 'c', 'text': 'Nothing to say.', 'gold': ''}".replace('\'', '"'),
                "{'id': 'd', 'text': 'Rain fell on the hills.', 'gold': 'Rain fell.'}".replace('\'', '"'));
    }

    private String summaries() throws IOException {
        return output(
                "summaries",
                SUMMARIES,
                "{\"id\": \"a\", \"summary\": \"The cat sat on the mat.\"}",
                "{\"id\": \"b\", \"error\": {\"class\": \"TextTooLong\", \"message\": \"too long\"}}",
                "{\"id\": \"c\", \"summary\": \"Nothing.\"}",
                "{\"id\": \"x\", \"summary\": \"Of nobody.\"}");
    }

    @Test
    void summariesAreScoredAndWhatIsLeftOutIsCounted() throws IOException {
        JsonObject report = report(
                "summarize", "--input", summarized(), "--reference-column", "gold", "--against-output", summaries());

        Rouge ofA = Rouge.of("The cat sat on the mat.", "The cat sat.");
        assertThat(report.get("scored").getAsInt()).isEqualTo(2);
        assertThat(value(report, "output", "rouge1"))
                .as("the document with an error scores 0")
                .isCloseTo(ofA.rouge1() / 2, within(1e-12));
        assertThat(value(report, "output", "copied_words")).isEqualTo(1);
        assertThat(value(report, "output", "words")).isEqualTo(3);
        assertThat(report.getAsJsonObject("errors").get("TextTooLong").getAsInt())
                .isEqualTo(1);
        JsonObject leftOut = report.getAsJsonObject("left_out");
        assertThat(leftOut.get("without_reference").getAsInt()).isEqualTo(1);
        assertThat(leftOut.get("not_in_output").getAsInt()).isEqualTo(1);
        assertThat(leftOut.get("not_in_input").getAsInt()).isEqualTo(1);
    }

    @Test
    void ofSeveralReferencesTheBestCountsForEachFigure() throws IOException {
        String input = write(
                "several.jsonl",
                "{\"id\": \"a\", \"text\": \"The cat sat on the mat.\","
                        + " \"gold\": [\"A mat.\", \" \", null, \"The cat sat on it.\"]}",
                "{\"id\": \"c\", \"text\": \"Nothing.\", \"gold\": [\"\"]}");

        JsonObject report =
                report("summarize", "--input", input, "--reference-column", "gold", "--against-output", summaries());

        assertThat(report.get("scored").getAsInt()).isEqualTo(1);
        assertThat(value(report, "output", "rouge2"))
                .isEqualTo(Rouge.of("The cat sat on the mat.", "The cat sat on it.")
                        .rouge2());
        assertThat(report.getAsJsonObject("left_out").get("without_reference").getAsInt())
                .isEqualTo(1);
    }

    @Test
    void theTableSaysWhatWasScoredWhatWasLeftOutAndEveryFigureOfEveryMethod() throws IOException {
        TestCommands.Outcome outcome = evaluate(
                "summarize", "--input", summarized(), "--reference-column", "gold", "--against-output", summaries());

        assertThat(outcome.out())
                .startsWith("Scored 2 documents of ")
                .contains(
                        "(1 error, which score 0: TextTooLong 1)",
                        "the 95% interval of 1,000 samples of documents",
                        "Left out: 1 of the input without a reference",
                        "ROUGE-1",
                        "ROUGE-Lsum",
                        "spliced sentences",
                        "lead",
                        "output less lead, ROUGE-2");
    }

    @Test
    void scoresOfEachDocumentAreRowsWithAStructForEachMethod() throws IOException {
        String scores = directory.resolve("scores").toString();

        report(
                "summarize",
                "--input",
                summarized(),
                "--reference-column",
                "gold",
                "--against-output",
                summaries(),
                "--scores",
                scores);

        List<Row> rows = spark.read().parquet(scores).orderBy("id").collectAsList();
        assertThat(rows).extracting(row -> row.getString(0)).containsExactly("a", "b");
        Row ofA = rows.get(0).getAs("output");
        assertThat(ofA.<Double>getAs("rougeLsum"))
                .isEqualTo(Rouge.of("The cat sat on the mat.", "The cat sat.").rougeLsum());
        assertThat(rows.get(1).<Row>getAs("output").<String>getAs("error")).isEqualTo("TextTooLong");
        assertThat(rows.get(1).<Row>getAs("lead").<String>getAs("prediction"))
                .isEqualTo("Dogs bark at night in the town.");
    }

    @Test
    void sentencesOfAnExtractiveSummaryStandApartWhateverTheyEndWith() throws IOException {
        String input = write(
                "headings.jsonl",
                "{\"id\": \"a\", \"text\": \"A heading of five words\\n\\nText between them that goes on for a while.\\n\\nAnother line without an"
                        + " end\", \"gold\": \"words\"}");
        String schema = "id string, summary string, sentences array<struct<text: string>>";
        String joined = "\"summary\": \"A heading of five words Another line without an end\"";
        String extractive = output(
                "extractive",
                schema,
                "{\"id\": \"a\", " + joined + ", \"sentences\": [{\"text\": \"A heading of five words\"},"
                        + " {\"text\": \"Another line without an end\"}]}");
        String free = output("free", schema, "{\"id\": \"a\", " + joined + "}");

        JsonObject report = report(
                "summarize",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--against-output",
                extractive,
                "--compare",
                free);

        assertThat(value(report, "output", "spliced_sentences")).isZero();
        assertThat(value(report, "compared", "spliced_sentences")).isEqualTo(1);
        assertThat(value(report, "output", "rouge1")).isEqualTo(value(report, "compared", "rouge1"));
    }

    @Test
    void anotherOutputIsComparedDocumentByDocument() throws IOException {
        String other = output(
                "others",
                SUMMARIES,
                "{\"id\": \"a\", \"summary\": \"A dog.\"}",
                "{\"id\": \"b\", \"summary\": \"Dogs bark.\"}",
                "{\"id\": \"d\", \"summary\": \"Rain.\"}");

        JsonObject report = report(
                "summarize",
                "--input",
                summarized(),
                "--reference-column",
                "gold",
                "--against-output",
                summaries(),
                "--compare",
                other);

        JsonObject comparison = report.getAsJsonArray("output_less").get(0).getAsJsonObject();
        assertThat(comparison.get("method").getAsString()).isEqualTo("compared");
        assertThat(comparison.get("better").getAsInt()).isEqualTo(1);
        assertThat(comparison.get("worse").getAsInt()).isEqualTo(1);
        assertThat(comparison.getAsJsonObject("difference").get("value").getAsDouble())
                .isCloseTo(value(report, "output", "rouge1") - value(report, "compared", "rouge1"), within(1e-12));
    }

    @Test
    void withoutAnOutputTheJobRunsAndLeavesNothing() throws IOException {
        String input = write(
                "run.jsonl",
                "{\"id\": \"a\", \"text\": \"one two three\", \"gold\": \"3 words\"}",
                "{\"id\": \"b\", \"text\": \"fail on purpose\", \"gold\": \"3 words\"}");
        long before = temporary();

        JsonObject report = report("summarize", "--input", input, "--reference-column", "gold");

        assertThat(value(report, "output", "rouge1")).isEqualTo(0.5);
        assertThat(temporary()).isEqualTo(before);
    }

    private static long temporary() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("longwing-evaluate"))
                    .count();
        }
    }

    @Test
    void anOutputThatIsNamedStaysAndCanBeEvaluatedAgain() throws IOException {
        String input = write("run.jsonl", "{\"id\": 1, \"text\": \"one two three\", \"gold\": \"3 words\"}");
        String output = directory.resolve("out").toString();

        JsonObject first = report(
                "summarize",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--output",
                output,
                "--result-prefix",
                "x_");
        JsonObject again = report(
                "summarize",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--against-output",
                output,
                "--result-prefix",
                "x_");

        assertThat(again).isEqualTo(first);
        assertThat(value(again, "output", "rouge1")).isEqualTo(1);
    }

    @Test
    void rowsThatAreRepeatedCountOnceAndThoseThatContradictAreRefused() throws IOException {
        String repeated = write(
                "repeated.jsonl",
                "{\"id\": \"a\", \"text\": \"one\", \"gold\": \"one\"}",
                "{\"id\": \"a\", \"text\": \"one\", \"gold\": \"one\"}");
        String contradicting = write(
                "contradicting.jsonl",
                "{\"id\": \"a\", \"text\": \"one\", \"gold\": \"one\"}",
                "{\"id\": \"a\", \"text\": \"two\", \"gold\": \"one\"}");
        String output = output("out", SUMMARIES, "{\"id\": \"a\", \"summary\": \"one\"}");

        JsonObject report =
                report("summarize", "--input", repeated, "--reference-column", "gold", "--against-output", output);

        assertThat(report.get("scored").getAsInt()).isEqualTo(1);
        assertThat(report.getAsJsonObject("left_out").get("duplicates").getAsInt())
                .isEqualTo(1);
        refuses(
                "Cannot evaluate --input " + contradicting + ": 1 id stands on several rows that differ, such as a",
                "summarize",
                "--input",
                contradicting,
                "--reference-column",
                "gold",
                "--against-output",
                output);
    }

    // --- labels

    private static final String LABELS =
            "id string, label string, probability double, labels array<struct<label: string, probability: double>>";

    private static String document(int id, String text, String label) {
        return "{\"id\": \"" + id + "\", \"text\": \"" + text + "\", \"kind\": \"" + label + "\"}";
    }

    @Test
    void labelsAreScoredWithTheirProbabilities() throws IOException {
        String input = write(
                "labelled.jsonl",
                document(1, "stars", "sky"),
                document(2, "moon", "sky"),
                document(3, "fish", "sea"),
                document(4, "waves", "sea"));
        String output = output(
                "labels",
                LABELS,
                labelled(1, "sky", 0.9, "sea"),
                labelled(2, "sea", 0.6, "sky"),
                labelled(3, "sea", 0.8, "sky"),
                labelled(4, "sea", 0.7, "sky"));

        JsonObject report =
                report("classify", "--input", input, "--reference-column", "kind", "--against-output", output);

        assertThat(value(report, "output", "accuracy")).isEqualTo(0.75);
        assertThat(value(report, "output", "macro_f1")).isCloseTo((2 / 3.0 + 4 / 5.0) / 2, within(1e-12));
        assertThat(value(report, "output", "brier")).isCloseTo(2 * (0.01 + 0.36 + 0.04 + 0.09) / 4, within(1e-12));
        assertThat(value(report, "output", "calibration_error")).isCloseTo((0.1 + 0.6 + 0.2 + 0.3) / 4, within(1e-12));
        assertThat(value(report, "majority", "accuracy")).isEqualTo(0.5);
        assertThat(report.getAsJsonArray("labels")
                        .get(1)
                        .getAsJsonObject()
                        .get("recall")
                        .getAsDouble())
                .isEqualTo(0.5);
    }

    private static String labelled(int id, String label, double probability, String other) {
        return "{\"id\": \"" + id + "\", \"label\": \"" + label + "\", \"probability\": " + probability
                + ", \"labels\": [{\"label\": \"" + label + "\", \"probability\": " + probability + "}, {\"label\": \""
                + other + "\", \"probability\": " + (1 - probability) + "}]}";
    }

    @Test
    void trainingDocumentsGiveABaselineThatLearnsFromWordsAndSeesNothingThatIsEvaluated() throws IOException {
        SparkSession observed = spark.newSession(); // which holds what tasks cannot take
        observed.range(1)
                .observe(new Observation("seen"), count(lit(1)).as("rows"))
                .collectAsList();
        String train = write(
                "train.jsonl",
                IntStream.range(0, 40)
                        .mapToObj(i -> i % 2 == 0
                                ? document(i, "stars and moon " + i, "sky")
                                : document(i, "fish and waves " + i, "sea"))
                        .toArray(String[]::new));
        String input = write(
                "test.jsonl",
                document(101, "the moon and the stars", "sky"),
                document(102, "waves with fish", "sea"),
                document(103, "fish and waves 1", "sea"));
        String output = output(
                "labels",
                LABELS,
                labelled(101, "sea", 0.9, "sky"),
                labelled(102, "sea", 0.9, "sky"),
                labelled(103, "sea", 0.9, "sky"));

        SparkSession.setDefaultSession(observed);
        JsonObject report;
        try {
            report = report(
                    "classify",
                    "--input",
                    input,
                    "--reference-column",
                    "kind",
                    "--against-output",
                    output,
                    "--train-input",
                    train);
        } finally {
            SparkSession.setDefaultSession(spark);
        }

        assertThat(value(report, "tfidf", "accuracy")).isEqualTo(1);
        assertThat(value(report, "tfidf", "brier")).isBetween(0.0, 0.5);
        assertThat(report.getAsJsonArray("notes").toString())
                .contains("tfidf is trained on 39 documents; 1 that are evaluated too are left out");
    }

    @Test
    void theJobOfLabelsRuns() throws IOException {
        commands = commands.withArchitecture(Architecture.SEQUENCE_CLASSIFICATION);
        String input = write("labelled.jsonl", document(1, "stars", "sky"), document(2, "fish", "sea"));

        JsonObject report = report("classify", "--input", input, "--reference-column", "kind", "--model", "mine");

        assertThat(value(report, "output", "accuracy")).isZero();
        assertThat(value(report, "majority", "accuracy")).isEqualTo(0.5);
    }

    // --- answers

    private static final String ANSWERS = "id string, answer string, no_answer_score double, "
            + "answers array<struct<text: string, score: double>>, error struct<class: string, message: string>";

    private static final String SQUAD = """
            {
              "version": "v2.0",
              "data": [
                {
                  "title": "Cats",
                  "paragraphs": [
                    {
                      "context": "The cat sat on the mat. It slept until noon.",
                      "qas": [
                        {"id": "q1", "question": "Where did the cat sit?", "answers": [{"text": "on the mat", "answer_start": 12}]},
                        {"id": "q2", "question": "Who owns the cat?", "answers": [], "is_impossible": true}
                      ]
                    },
                    {
                      "context": "Dogs bark at night.",
                      "qas": [
                        {"id": "q3", "question": "Is it at night that dogs bark?", "answers": [{"text": "at night", "answer_start": 10}, {"text": "night", "answer_start": 13}]}
                      ]
                    }
                  ]
                }
              ]
            }
            """;

    private String answers() throws IOException {
        return output(
                "answers",
                ANSWERS,
                "{'id': 'q1', 'answer': 'The mat', 'no_answer_score': 1, 'answers': [{'text': 'the mat', 'score': 3}]}"
                        .replace('\'', '"'),
                "{'id': 'q2', 'answer': 'cat', 'no_answer_score': 5, 'answers': [{'text': 'cat', 'score': 1}]}"
                        .replace('\'', '"'),
                "{'id': 'q3', 'answer': 'Night!', 'no_answer_score': 1, 'answers': [{'text': 'Night!', 'score': 2}]}"
                        .replace('\'', '"'));
    }

    @Test
    void answersAreScoredAgainstAFileInTheLayoutOfSquad() throws IOException {
        JsonObject report = report(
                "answer",
                "--input",
                write("squad.json", SQUAD),
                "--reference-column",
                "answers",
                "--against-output",
                answers());

        assertThat(value(report, "output", "exact")).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(value(report, "output", "answerable_f1")).isCloseTo((2 / 3.0 + 1) / 2, within(1e-12));
        assertThat(value(report, "output", "no_answer")).isZero();
        assertThat(value(report, "never_answer", "exact")).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(value(report, "overlap_sentence", "answerable_f1")).isPositive();
        JsonObject threshold = report.getAsJsonObject("no_answer_threshold").getAsJsonObject("output");
        assertThat(threshold.get("best_f1").getAsDouble()).isCloseTo((2 / 3.0 + 1 + 1) / 3, within(1e-12));
        assertThat(threshold.get("best_f1_threshold").getAsDouble()).isEqualTo(-1);
    }

    @Test
    void theJobAnswersAFileInTheLayoutOfSquadAndIsEvaluatedOnIt() throws IOException {
        commands = commands.withArchitecture(Architecture.QUESTION_ANSWERING);

        JsonObject report = report(
                "answer", "--input", write("squad.json", SQUAD), "--reference-column", "answers", "--model", "mine");

        assertThat(report.get("scored").getAsInt()).isEqualTo(3);
        assertThat(value(report, "output", "f1"))
                .as("the fake answers with the question, of which a word or two are right")
                .isGreaterThan(0);
    }

    @Test
    void aDamagedFileBesideOneOfSquadIsARowWithAnError() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("squad"));
        Files.writeString(folder.resolve("a.json"), SQUAD);
        Files.writeString(folder.resolve("b.json"), SQUAD.substring(0, SQUAD.length() / 2));
        String output = directory.resolve("out").toString();

        TestCommands.Outcome outcome = commands.withArchitecture(Architecture.QUESTION_ANSWERING)
                .run("answer", "--input", folder.toString(), "--model", "mine", "--output", output);

        assertThat(outcome.status()).as(outcome.err()).isZero();
        List<Row> errors =
                spark.read().parquet(output).where("error is not null").collectAsList();
        assertThat(errors).hasSize(1);
        assertThat(errors.get(0).<Row>getAs("error").getString(0)).isEqualTo("MalformedRecord");
        assertThat(spark.read().parquet(output).count()).isEqualTo(4);
    }

    @Test
    void rightAnswersMayStandInEveryUsualForm() throws IOException {
        String[] forms = {
            "{'text': ['on the mat'], 'answer_start': [12]}",
            "['on the mat']",
            "'on the mat'",
            "[{'text': 'on the mat'}]"
        };
        for (int i = 0; i < forms.length; i++) {
            String input = write(
                    "form" + i + ".jsonl",
                    "{\"id\": \"q1\", \"text\": \"The cat sat on the mat.\", \"question\": \"Where?\", \"right\": "
                            + forms[i].replace('\'', '"') + "}");
            String output = output("answer" + i, ANSWERS, "{\"id\": \"q1\", \"answer\": \"on the mat\"}");

            JsonObject report =
                    report("answer", "--input", input, "--reference-column", "right", "--against-output", output);

            assertThat(value(report, "output", "exact")).as(forms[i]).isEqualTo(1);
        }
    }

    // --- refusals

    private void refuses(String sentence, String task, String... arguments) {
        TestCommands.Outcome outcome = evaluate(task, arguments);

        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err()).contains(sentence);
        assertThat(outcome.err().lines().filter(line -> line.startsWith("Cannot")))
                .hasSize(1);
    }

    @Test
    void whatCannotBeEvaluatedIsRefused() throws IOException {
        String input = summarized();
        String output = summaries();
        refuses("Cannot go on without --reference-column", "summarize", "--input", input);
        refuses(
                "Cannot evaluate: --reference-column is golt, expected one of the columns that the input has (gold, id,"
                        + " text) (did you mean gold?)",
                "summarize",
                "--input",
                input,
                "--reference-column",
                "golt",
                "--against-output",
                output);
        refuses(
                "there is no such directory or table",
                "summarize",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--against-output",
                directory.resolve("none").toString());
        refuses(
                "it has no column label, expected one of its own (id, summary, error)",
                "classify",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--against-output",
                output);
        refuses(
                "none of its ids is the id of a document with a reference",
                "summarize",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--against-output",
                output("strangers", SUMMARIES, "{\"id\": \"z\", \"summary\": \"z\"}"));
        refuses(
                "Cannot use --model with --against-output",
                "summarize",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--against-output",
                output,
                "--model",
                "mine");
        refuses(
                "Cannot use --train-input to evaluate summarize",
                "summarize",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--train-input",
                input);
        refuses(
                "Cannot write --report",
                "summarize",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--report",
                directory.resolve("none/report.json").toString());
        refuses(
                "Cannot write --scores " + output + ": it exists already",
                "summarize",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--scores",
                output);
        refuses(
                "there is no such file or directory",
                "classify",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--model",
                "mine",
                "--train-input",
                directory.resolve("none.jsonl").toString());
        assertThat(commands.run("evaluate").err())
                .contains("Cannot run longwing evaluate without a task: expected evaluate summarize");
    }

    @Test
    void questionsInAnArrayAreRefused() throws IOException {
        String input = write(
                "arrays.jsonl",
                "{\"id\": \"a\", \"text\": \"one\", \"questions\": [\"x\", \"y\"], \"right\": [\"z\"]}");

        refuses(
                "the questions of a document are an array, expected a row for each question",
                "answer",
                "--input",
                input,
                "--reference-column",
                "right",
                "--against-output",
                answers());
    }

    @Test
    void referencesOfAnotherTypeAreRefused() throws IOException {
        String input = write("typed.jsonl", "{\"id\": \"a\", \"text\": \"one\", \"gold\": [1]}");

        refuses(
                "--reference-column gold is array<bigint>, expected string or array<string>",
                "summarize",
                "--input",
                input,
                "--reference-column",
                "gold",
                "--against-output",
                summaries());
    }
}
