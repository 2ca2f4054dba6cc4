package io.github.longwing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.executor.ModelLoader;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.Questions;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.task.AnswerColumns;
import io.github.longwing.spark.task.ClassificationColumns;
import io.github.longwing.spark.task.ContinuationColumns;
import io.github.longwing.spark.task.EmbeddingColumns;
import io.github.longwing.spark.task.SummaryColumns;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.Pooling;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.generate.GeneratorOptions;
import io.github.longwing.task.summarize.SummarizerOptions;
import io.github.longwing.tokenizer.Newlines;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rows of each task: names, types and what is null when. */
class TaskRowsTest {
    private static final String COMMON =
            "input_tokens INT,truncated BOOLEAN,windows INT,attention STRING,model STRING,fingerprint STRING,"
                    + "error STRUCT<class: STRING, message: STRING>";
    private static final String SENTENCES = "sentences ARRAY<STRUCT<text: STRING, begin: INT, end: INT, window: INT>>,";
    private static final String EVIDENCE =
            "evidence ARRAY<STRUCT<text: STRING, begin: INT, end: INT, weight: DOUBLE>>,";

    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        spark = TestSessions.start("local[2]");
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void labelsHaveProbabilitiesAndRegressionsHaveValues() {
        Dataset<Row> rows = DocumentTransformation.CLASSIFY.apply(
                spark.sql(
                        "SELECT * FROM VALUES ('a', 'words'), ('b', 'values'), ('c', 'neither'), ('d', '') AS d(id, text)"),
                options(DocumentColumns.standard(), ClassifierOptions.standard()),
                new FakeTasks.Classifier(),
                JobProgress.none());

        assertThat(rows.schema().toDDL())
                .isEqualTo("id STRING NOT NULL,label STRING,probability DOUBLE,"
                        + "labels ARRAY<STRUCT<label: STRING, probability: DOUBLE>>,values ARRAY<DOUBLE>," + COMMON);
        List<Row> sorted = rows.orderBy("id").collectAsList();
        assertThat(sorted)
                .extracting(row -> row.get(1), row -> row.get(2), row -> list(row, 3), row -> list(row, 4))
                .containsExactly(
                        tuple(
                                "some",
                                0.75,
                                List.of(RowFactory.create("some", 0.75), RowFactory.create("others", 0.25)),
                                null),
                        tuple(null, null, null, List.of(6.0, -1.0)),
                        tuple(null, null, List.of(), null),
                        tuple(null, null, null, null));
        assertThat(sorted.get(3).<Row>getAs("error").getString(0)).isEqualTo("EmptyText");
    }

    @Test
    void evidenceIsAColumnWhereItIsAskedFor() {
        Dataset<Row> documents = spark.sql("SELECT 'a' AS id, 'words' AS text");
        WindowOptions reading = WindowOptions.of(LongDocuments.WINDOWS);

        Dataset<Row> labels = DocumentTransformation.CLASSIFY.apply(
                documents,
                options(DocumentColumns.standard(), new ClassifierOptions(reading, Pooling.MAX, 1, 0.5, 3)),
                new FakeTasks.Classifier(),
                JobProgress.none());
        Dataset<Row> summaries = DocumentTransformation.SUMMARIZE.apply(
                documents,
                options(
                        DocumentColumns.standard(),
                        new SummarizerOptions(GenerationOverrides.none(), reading, Newlines.NEWLINE, 1)),
                new FakeTasks.EvidentSummarizer(),
                JobProgress.none());

        assertThat(labels.schema().toDDL()).contains(",values ARRAY<DOUBLE>," + EVIDENCE + "input_tokens");
        assertThat(labels.head().<Row>getList(5)).containsExactly(RowFactory.create("words", 0, 5, 0.5));
        assertThat(summaries.schema().toDDL()).contains(",levels INT," + SENTENCES + EVIDENCE + "input_tokens");
        assertThat(summaries.head().<Integer>getAs("levels")).isEqualTo(2);
        assertThat(summaries.head().<Row>getList(7)).containsExactly(RowFactory.create("words", 0, 5, 0.25));
    }

    @Test
    void anAnswerIsTheSubstringOfItsOffsetsWhateverTheLetters() {
        Dataset<Row> rows = answer(
                "SELECT * FROM VALUES"
                        + " ('a', 'the 🦋 flew to cafe\u0301 🦋🦋', 'cafe\u0301'),"
                        + " ('b', '🦋 one 🦋 two', '🦋'),"
                        + " ('c', 'nothing of it', '🦋') AS d(id, text, question)",
                new Questions.InColumn("question"),
                "text");

        assertThat(rows.schema().toDDL())
                .isEqualTo("id STRING NOT NULL,text STRING NOT NULL,answer STRING,score DOUBLE,begin INT,end INT,"
                        + "answers ARRAY<STRUCT<text: STRING, score: DOUBLE, begin: INT, end: INT>>,"
                        + "no_answer_score DOUBLE," + COMMON);
        List<Row> sorted = rows.selectExpr(
                        "id",
                        "answer",
                        "begin",
                        "substring(text, begin + 1, end - begin)",
                        "answers",
                        "no_answer_score")
                .orderBy("id")
                .collectAsList();
        assertThat(sorted.get(0))
                .extracting(row -> row.get(1), row -> row.get(2), row -> row.get(3))
                .containsExactly("cafe\u0301", 14, "cafe\u0301");
        assertThat(sorted.get(1).getString(3)).isEqualTo("🦋");
        assertThat(sorted.get(1).<Row>getList(4))
                .containsExactly(RowFactory.create("🦋", 9.0, 0, 1), RowFactory.create("🦋", 8.0, 6, 7));
        assertThat(sorted.get(2)).isEqualTo(RowFactory.create("c", null, null, null, emptySeq(sorted.get(2)), -1.5));
    }

    @Test
    void anArrayGivesARowForEachQuestionWithItsIndexAfterTheKeptColumns() {
        Dataset<Row> rows = answer(
                "SELECT * FROM VALUES"
                        + " (1, 'one two', array('two', CAST(NULL AS STRING), ' ', 'one')),"
                        + " (2, 'one two', array()), (3, 'one two', NULL), (4, '', array('one')) AS d(id, text, questions)",
                new Questions.DefaultColumns(),
                "text");

        assertThat(rows.schema().toDDL())
                .startsWith("id INT NOT NULL,text STRING NOT NULL,question STRING,question_index INT,answer STRING,");
        assertThat(rows.orderBy("id", "question_index").collectAsList())
                .extracting(
                        row -> row.get(0),
                        row -> row.getAs("question"),
                        row -> row.getAs("question_index"),
                        row -> row.getAs("answer"),
                        TaskRowsTest::error)
                .containsExactly(
                        tuple(1, "two", 0, "two", null),
                        tuple(1, null, 1, null, "EmptyQuestion"),
                        tuple(1, " ", 2, null, "EmptyQuestion"),
                        tuple(1, "one", 3, "one", null),
                        tuple(2, null, null, null, "EmptyQuestion"),
                        tuple(3, null, null, null, "EmptyQuestion"),
                        tuple(4, "one", 0, null, "EmptyText"));
    }

    @Test
    void aDocumentWithoutItsQuestionIsAnErrorRow() {
        Dataset<Row> rows = answer(
                "SELECT * FROM VALUES (1, 'one', NULL), (2, 'one', '\t'), (3, 'one', 'one') AS d(id, text, q)",
                new Questions.InColumn("Q"));

        assertThat(rows.orderBy("id").collectAsList())
                .extracting(TaskRowsTest::error)
                .containsExactly("EmptyQuestion", "EmptyQuestion", null);
        assertThat(rows.orderBy("id").head().<Row>getAs("error").getString(1))
                .isEqualTo("Cannot read the question: it is empty, expected a question");
    }

    @Test
    void theQuestionsOfADocumentStayTogetherHoweverDocumentsSpread() {
        Dataset<Row> documents = spark.range(40)
                .selectExpr("id", "'one two three' AS text", "transform(sequence(0, 4), i -> 'one') AS questions")
                .coalesce(1);
        Dataset<Row> rows = DocumentTransformation.ANSWER.apply(
                documents,
                TaskOptions.of(
                        ModelReference.embedded(),
                        DocumentColumns.standard().asking(new Questions.DefaultColumns()),
                        AnswererOptions.standard()),
                new FakeTasks.Answerer(),
                JobProgress.none());

        List<List<String>> partitions = rows.select("id", "question_index").toJavaRDD().glom().collect().stream()
                .map(partition -> partition.stream()
                        .map(row -> row.getLong(0) + ":" + row.getInt(1))
                        .toList())
                .toList();

        assertThat(partitions).hasSizeGreaterThan(1);
        assertThat(partitions).allSatisfy(partition -> {
            assertThat(partition.size() % 5).isZero();
            for (int i = 0; i < partition.size(); i++) {
                String document = partition.get(i - i % 5).split(":", -1)[0];
                assertThat(partition.get(i)).isEqualTo(document + ":" + i % 5);
            }
        });
    }

    @Test
    void refusesQuestionsThatAreNotThereOrCannotBeAsked() {
        assertThatThrownBy(() -> answer(
                        "SELECT 1 AS id, 'x' AS text, 'q' AS question, array('q') AS questions",
                        new Questions.DefaultColumns()))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the questions: the input has a column question and a column questions,"
                        + " expected one of the two; name it with --question-column or --questions-column");
        assertThatThrownBy(() -> answer("SELECT 1 AS id, 'x' AS text", new Questions.DefaultColumns()))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the documents: the question column is question, expected one of the columns"
                        + " that the input has (id, text); name it with --question-column or --questions-column");
        assertThatThrownBy(() ->
                        answer("SELECT 1 AS id, 'x' AS text, array('q') AS question", new Questions.DefaultColumns()))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the documents: the question column question is array<string>, expected"
                        + " string; name another with --question-column");
        assertThatThrownBy(() -> answer("SELECT 1 AS id, 'x' AS text, array(1) AS q", new Questions.InArrayColumn("q")))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the documents: the questions column q is array<int>, expected"
                        + " array<string>; name another with --questions-column");
        assertThatThrownBy(() -> answer(
                        "SELECT 1 AS id, 'x' AS text, 'mine' AS question, array('q') AS q",
                        new Questions.InArrayColumn("q"),
                        "question"))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot keep column question: it is also the name of a result column");
    }

    @Test
    void continuationsAreFourColumnsOrAnArray() throws InterruptedException {
        Dataset<Row> prompts = spark.sql("SELECT 'a' AS id, 'go' AS text");
        TaskOptions<GeneratorOptions> several =
                options(DocumentColumns.standard(), GeneratorOptions.of(Map.of("num_return_sequences", "2")));
        Observation observation = new Observation();

        Dataset<Row> one = DocumentTransformation.GENERATE.apply(
                prompts,
                options(DocumentColumns.standard(), GeneratorOptions.of(Map.of())),
                new FakeTasks.Generator(1),
                JobProgress.none());
        Dataset<Row> two =
                DocumentTransformation.GENERATE.apply(prompts, several, new FakeTasks.Generator(2), JobProgress.none());

        assertThat(one.schema().toDDL())
                .isEqualTo("id STRING NOT NULL,generated STRING,score DOUBLE,output_tokens INT,finish_reason STRING,"
                        + COMMON);
        assertThat(one.select("generated", "score", "output_tokens", "finish_reason")
                        .head())
                .isEqualTo(RowFactory.create("GO", -1.0, 1, "length"));
        assertThat(two.schema().toDDL())
                .startsWith("id STRING NOT NULL,"
                        + "generations ARRAY<STRUCT<text: STRING, score: DOUBLE, output_tokens: INT, finish_reason: STRING>>,"
                        + "input_tokens");
        assertThat(DocumentTransformation.GENERATE
                        .observe(two, several, observation)
                        .head()
                        .<Row>getList(1))
                .containsExactly(
                        RowFactory.create("GO", -1.0, 1, "length"), RowFactory.create("GOGO", -2.0, 2, "length"));
        assertThat(observation.getAsJava()).containsEntry("output_tokens", 3L);
    }

    @Test
    void anEmbeddingIsAnArrayOfFloats() throws InterruptedException {
        TaskOptions<EmbedderOptions> options = options(DocumentColumns.standard(), EmbedderOptions.standard());
        Observation observation = new Observation();

        Dataset<Row> rows = DocumentTransformation.EMBED.apply(
                spark.sql("SELECT 'a' AS id, 'abc' AS text"), options, new FakeTasks.Vectors(), JobProgress.none());

        assertThat(rows.schema().toDDL()).isEqualTo("id STRING NOT NULL,embedding ARRAY<FLOAT>," + COMMON);
        assertThat(DocumentTransformation.EMBED
                        .observe(rows, options, observation)
                        .head()
                        .<Float>getList(1))
                .containsExactly(3f, 0.5f);
        assertThat(observation.getAsJava()).containsEntry("output_tokens", 0L).containsEntry("input_tokens", 2L);
    }

    @Test
    void equalLoadersAreEqualAfterTheirJourneySoThatTasksShareAModel() throws Exception {
        ModelReference model = ModelReference.at("owner/name");
        List<ModelLoader<?, ?>> loaders = List.of(
                new ModelLoader<>(SummaryColumns.TASK, model, SummarizerOptions.of(Map.of("num_beams", "2"))),
                new ModelLoader<>(ClassificationColumns.TASK, model, ClassifierOptions.standard()),
                new ModelLoader<>(AnswerColumns.TASK, model, AnswererOptions.standard()),
                new ModelLoader<>(ContinuationColumns.TASK, model, GeneratorOptions.of(Map.of())),
                new ModelLoader<>(EmbeddingColumns.TASK, model, EmbedderOptions.standard()));

        for (ModelLoader<?, ?> loader : loaders) {
            assertThat(travelled(loader)).isEqualTo(loader).hasSameHashCodeAs(loader);
        }
        assertThat(loaders).doesNotHaveDuplicates();
    }

    private static Dataset<Row> answer(String documents, Questions questions, String... keep) {
        return DocumentTransformation.ANSWER.apply(
                spark.sql(documents),
                options(new DocumentColumns("id", "text", questions, List.of(keep), ""), AnswererOptions.standard()),
                new FakeTasks.Answerer(),
                JobProgress.none());
    }

    private static <S extends Serializable> TaskOptions<S> options(DocumentColumns columns, S settings) {
        return new TaskOptions<>(
                ModelReference.embedded(), columns, settings, ErrorPolicy.PERMISSIVE, InputPartitioning.AS_GIVEN);
    }

    private static Object travelled(Serializable settings) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(settings);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    private static List<?> list(Row row, int column) {
        return row.isNullAt(column) ? null : row.getList(column);
    }

    private static Object emptySeq(Row row) {
        assertThat(row.<Row>getList(4)).isEmpty();
        return row.get(4);
    }

    private static String error(Row row) {
        Row error = row.getAs("error");
        return error == null ? null : error.getString(0);
    }
}
