package io.github.longwing.jobs;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.spark.LongwingFunctions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.generate.GeneratorOptions;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every job from its command line to its Parquet, on small random models, real sessions and real Spark. */
class RealTasksTest {
    private static final String QUESTION = "Where does the \uD83D\uDEA2 go?";
    private static final String[] WORDS = {
        "sea",
        "boat",
        "\uD83D\uDE80",
        "na\u00EFve",
        "wind.",
        "The",
        "e\u0301clair",
        "field",
        "\u6D77",
        "storm!\n\n",
        "owl"
    };

    @TempDir
    private static Path directory;

    private static SparkSession spark;
    private static List<Row> documents;

    /** Registers the SQL function of a task. */
    private interface Registration {
        void register(SparkSession spark, ModelReference model);
    }

    @SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
    private enum Task {
        SUMMARIZE(
                "summaries",
                "--num-beams=2 --min-length=0 --max-new-tokens=8 --evidence=2",
                "summary",
                (spark, model) -> LongwingFunctions.registerSummarize(
                        spark,
                        options(
                                model,
                                SummarizerOptions.of(Map.of(
                                        "num_beams",
                                        "2",
                                        "min_length",
                                        "0",
                                        "max_new_tokens",
                                        "8",
                                        "extractive",
                                        "false"))))),
        CLASSIFY(
                "labels",
                "--evidence=2",
                "label, probability, labels",
                (spark, model) ->
                        LongwingFunctions.registerClassify(spark, options(model, ClassifierOptions.standard()))),
        ANSWER(
                "answers",
                "--n-best=3",
                "answer, score, begin, end",
                (spark, model) -> LongwingFunctions.registerAnswer(spark, options(model, AnswererOptions.standard()))),
        GENERATE(
                "prompts",
                "--num-beams=2 --max-new-tokens=5",
                "generated",
                (spark, model) -> LongwingFunctions.registerGenerate(
                        spark, options(model, GeneratorOptions.of(Map.of("num_beams", "2", "max_new_tokens", "5"))))),
        EMBED(
                "summaries",
                "--normalize",
                "embedding",
                (spark, model) -> LongwingFunctions.registerEmbed(
                        spark,
                        options(
                                model,
                                new EmbedderOptions(
                                        WindowOptions.of(LongDocuments.WINDOWS),
                                        EmbedderOptions.StatePooling.MEAN,
                                        EmbedderOptions.Norm.UNIT))));

        private final String model;
        private final String options;
        private final String sqlColumns;
        private final Registration registration;

        Task(String model, String options, String sqlColumns, Registration registration) {
            this.model = model;
            this.options = options;
            this.sqlColumns = sqlColumns;
            this.registration = registration;
        }

        private static <S extends Serializable> TaskOptions<S> options(ModelReference model, S options) {
            return TaskOptions.of(model, DocumentColumns.standard(), options);
        }

        String command() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @BeforeAll
    static void writeDocuments() throws IOException {
        spark = TestCommands.spark();
        TinyModels unused = TinyModels.importAll(directory);
        Random random = new Random(7);
        documents = new ArrayList<>();
        for (int i = 0; i < 12; i++) { // every third one is longer than the models' 256 positions
            documents.add(RowFactory.create("d" + i, text(random, i % 3 == 2 ? 400 : 5 + 9 * i), QUESTION));
        }
        documents.add(RowFactory.create("blank", " ", QUESTION));
    }

    @ParameterizedTest
    @EnumSource
    void aResultDoesNotDependOnPartitionsOrOrder(Task task) {
        Map<String, String> expected = results(task, "one", documents, 1);
        List<Row> reversed = new ArrayList<>(documents);
        Collections.reverse(reversed);

        assertThat(expected).hasSize(documents.size());
        assertThat(results(task, "three", documents, 3))
                .as("in three partitions")
                .isEqualTo(expected);
        assertThat(results(task, "reversed", reversed, 1)).as("in reverse").isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void longDocumentsAreReadInWindowsAndBlankOnesAreErrors(Task task) {
        Dataset<Row> rows = job(task, "rows", documents, 2);

        assertThat(rows.where("error IS NOT NULL").collectAsList())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.<String>getAs("id")).isEqualTo("blank");
                    assertThat(row.<Row>getAs("error").getString(0)).isEqualTo("EmptyText");
                    assertThat(row.<String>getAs("model")).matches(task.model + "@[0-9a-f]{12}");
                });
        List<Row> longOnes = rows.where("input_tokens > 256").collectAsList();
        assertThat(longOnes).isNotEmpty().allSatisfy(row -> {
            boolean inWindows = task != Task.GENERATE;
            assertThat(row.<Integer>getAs("windows") > 1).isEqualTo(inWindows);
            assertThat(row.<Boolean>getAs("truncated")).isEqualTo(!inWindows);
        });
    }

    @Test
    void theAnswerIsTheSubstringThatItsOffsetsSay() {
        Dataset<Row> rows =
                job(Task.ANSWER, "offsets", documents, 1, "--keep-columns=text").where("error IS NULL");

        assertThat(rows.where("answer != substring(text, begin + 1, end - begin)")
                        .count())
                .isZero();
        assertThat(rows.withColumn("each", expr("explode(answers)"))
                        .where("each.text != substring(text, each.begin + 1, each.end - each.begin)")
                        .count())
                .isZero();
        assertThat(rows.count()).isEqualTo(documents.size() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void aSqlFunctionGivesWhatTheJobGives(Task task) {
        List<Row> expected = job(task, "sql", documents, 1)
                .selectExpr("id", "to_json(struct(" + task.sqlColumns + ")) AS value")
                .orderBy("id")
                .collectAsList();
        task.registration.register(spark, ModelReference.at(model(task.model)));
        String call = "longwing_" + task.command() + (task == Task.ANSWER ? "(question, text)" : "(text)");

        Dataset<Row> values = documents(documents)
                .selectExpr("id", call + " AS value")
                .selectExpr(
                        "id",
                        "to_json("
                                + (task.sqlColumns.contains(",") ? "value" : "struct(value AS " + task.sqlColumns + ")")
                                + ") AS value");
        assertThat(values.orderBy("id").collectAsList()).hasSameSizeAs(expected).allSatisfy(row -> {
            Row of = expected.stream()
                    .filter(e -> e.getString(0).equals(row.getString(0)))
                    .findFirst()
                    .orElseThrow();
            boolean failed = row.getString(0).equals("blank");
            assertThat(row.getString(1))
                    .as("%s", row.getString(0))
                    .isEqualTo(failed && task.sqlColumns.contains(",") ? null : of.getString(1));
        });
    }

    @Test
    void theEvidenceIsInTheDocument() {
        for (Task task : List.of(Task.SUMMARIZE, Task.CLASSIFY)) {
            Dataset<Row> passages = job(task, "evidence", documents, 1, "--keep-columns=text")
                    .where("error IS NULL")
                    .withColumn("passage", expr("explode(evidence)"));

            assertThat(passages.count()).as(task.command()).isPositive();
            assertThat(passages.where("passage.text != substring(text, passage.begin + 1, passage.end - passage.begin)"
                                    + " OR passage.weight <= 0 OR passage.weight > 1")
                            .count())
                    .as(task.command())
                    .isZero();
        }
    }

    @Test
    void anArrayOfQuestionsGivesARowForEach() {
        StructType schema = new StructType()
                .add("id", DataTypes.StringType)
                .add("text", DataTypes.StringType)
                .add("questions", DataTypes.createArrayType(DataTypes.StringType));
        List<Row> asked = List.of(
                RowFactory.create("a", documents.get(1).getString(1), new String[] {QUESTION, "Who?", QUESTION}),
                RowFactory.create("b", documents.get(2).getString(1), new String[] {"Why?"}));
        Path input = directory.resolve("asked");
        spark.createDataFrame(asked, schema).coalesce(1).write().parquet(input.toString());
        Path output = directory.resolve("answered");

        TinyModels.run(
                "answer", "--model", model("answers"), "--input", input.toString(), "--output", output.toString());

        List<Row> rows = spark.read()
                .parquet(output.toString())
                .orderBy("id", "question_index")
                .select("id", "question", "question_index", "answer", "score")
                .collectAsList();
        assertThat(rows).extracting(row -> row.getString(0) + row.getInt(2)).containsExactly("a0", "a1", "a2", "b0");
        assertThat(rows.get(0).getString(3)).isEqualTo(rows.get(2).getString(3));
        assertThat(rows.get(0).getDouble(4)).isEqualTo(rows.get(2).getDouble(4));
    }

    /** Rows without the id, as JSON, by id. */
    private static Map<String, String> results(Task task, String name, List<Row> input, int partitions) {
        Map<String, String> results = new TreeMap<>();
        for (Row row : job(task, name, input, partitions)
                .selectExpr("id", "to_json(struct(*)) AS row")
                .collectAsList()) {
            results.put(row.getString(0), row.getString(1));
        }
        return results;
    }

    private static Dataset<Row> job(Task task, String name, List<Row> input, int partitions, String... options) {
        Path path = directory.resolve(task + "-" + name);
        documents(input).coalesce(partitions).write().parquet(path.toString());
        Path output = directory.resolve(task + "-" + name + "-out");
        String[] arguments = Stream.of(
                        List.of(task.command(), "--model", model(task.model)),
                        List.of("--input", path.toString(), "--output", output.toString(), "--quiet"),
                        List.of(task.options.split(" ")),
                        List.of(options))
                .flatMap(List::stream)
                .toArray(String[]::new);
        TinyModels.run(arguments);
        return spark.read().parquet(output.toString());
    }

    private static Dataset<Row> documents(List<Row> rows) {
        StructType schema = new StructType()
                .add("id", DataTypes.StringType)
                .add("text", DataTypes.StringType)
                .add("question", DataTypes.StringType);
        return spark.createDataFrame(rows, schema);
    }

    private static String model(String folder) {
        return directory.resolve(folder).toString();
    }

    private static String text(Random random, int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        return text.toString();
    }
}
