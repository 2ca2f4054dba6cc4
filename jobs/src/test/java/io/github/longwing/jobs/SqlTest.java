package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.spark.extensions.DocumentStageExec;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SparkTasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** The functions of SQL in whole queries, on small random models. */
class SqlTest {
    private static final String SHORT = "map('num-beams', '1', 'min-length', '0', 'max-new-tokens', 4)";

    @TempDir
    private static Path directory;

    private static SparkSession spark;

    @BeforeAll
    static void makeTables() throws IOException {
        spark = TestCommands.spark().newSession(); // without the functions that other tests register
        TinyModels models = TinyModels.importAll(directory);
        for (SparkTask<?, ?> task : SparkTasks.all()) {
            spark.conf().set(task.modelSetting(), models.of(task));
        }
        spark.conf().set("spark.sql.adaptive.enabled", "false"); // the plan then keeps its counts in one tree
        spark.sql(
                        "SELECT CAST(id AS INT) AS id, CAST(2000 + id AS INT) AS year, concat('The ship ', id, ' left the bay.')"
                                + " AS text, 'What left?' AS question FROM range(12)")
                .repartition(3)
                .write()
                .parquet(directory.resolve("papers").toString());
        spark.read().parquet(directory.resolve("papers").toString()).createOrReplaceTempView("papers");
    }

    @AfterAll
    static void forget() {
        SparkTasks.all().forEach(task -> spark.conf().unset(task.modelSetting()));
        spark.conf().unset("spark.sql.adaptive.enabled");
        spark.catalog().dropTempView("papers");
    }

    private static String call(String text) {
        return "longwing_summarize(" + text + ", " + SHORT + ")";
    }

    @Test
    void isAnOperatorOfItsOwnWhosePlanReadsWell() {
        Dataset<Row> rows = spark.sql("SELECT id, " + call("text") + " AS summary FROM papers");

        assertThat(rows.queryExecution().executedPlan().toString())
                .containsPattern("LongwingSummarize cast\\(text#\\d+ as binary\\) -> \\[longwing_summarize#\\d+]"
                        + " \\{model=.*summaries, max-new-tokens=4, min-length=0, num-beams=1}");
        assertThat(spark.sql("DESCRIBE FUNCTION longwing_summarize")
                        .collectAsList()
                        .toString())
                .contains("longwing_summarize(text, map('option', 'value'))");
        assertThat(rows.collectAsList()).hasSize(12).allSatisfy(row -> assertThat(row.getString(1))
                .isNotNull());
        assertThat(documents(rows)).isEqualTo(12);
    }

    @Test
    void givesNullForNullAndEmptyTextsAndNeedsNoModelForThem() {
        spark.conf()
                .set(
                        "spark.longwing.summarize.model",
                        directory.resolve("summaries").toString());
        assertThat(spark.sql("SELECT longwing_summarize(text), longwing_embed(text), longwing_classify(text).label,"
                                + " longwing_answer(text, 'x').answer, longwing_answer('x', text).answer,"
                                + " longwing_summarize(NULL)"
                                + " FROM VALUES (CAST(NULL AS STRING)) AS d(text)")
                        .head())
                .satisfies(row -> assertThat(IntStream.range(0, row.length())).allMatch(row::isNullAt));
        assertThat(spark.sql("SELECT " + call("text") + " FROM VALUES ('a b'), (NULL), (' '), ('c d') AS d(text)")
                        .collectAsList())
                .extracting(row -> row.isNullAt(0))
                .containsExactly(false, true, true, false);
    }

    @Test
    void looksAtTheOtherConditionsFirst() {
        assertThat(documents(
                        spark.sql("SELECT id FROM papers WHERE length(" + call("text") + ") >= 0 AND year >= 2009")))
                .as("in one WHERE")
                .isEqualTo(3);
        assertThat(documents(spark.sql(
                        "SELECT * FROM (SELECT *, " + call("text") + " AS summary FROM papers) WHERE year >= 2009")))
                .as("around a subquery")
                .isEqualTo(3);
        assertThat(documents(spark.sql("SELECT summary FROM (SELECT id AS key, " + call("text")
                        + " AS summary FROM papers) WHERE key = 3 AND summary IS NOT NULL")))
                .as("with another name")
                .isEqualTo(1);
    }

    @Test
    void computesNoMoreThanALimitNeeds() {
        Dataset<Row> first =
                spark.sql("SELECT id, " + call("text") + " AS summary FROM papers ORDER BY year DESC LIMIT 2");
        assertThat(first.collectAsList()).extracting(row -> row.getInt(0)).containsExactly(11, 10);
        assertThat(documents(first)).as("the first of an order").isEqualTo(2);

        Dataset<Row> named =
                spark.sql("SELECT year AS y, " + call("text") + " AS summary FROM papers ORDER BY y LIMIT 3");
        assertThat(named.collectAsList()).extracting(row -> row.getInt(0)).containsExactly(2000, 2001, 2002);
        assertThat(documents(named)).as("the order of another name").isEqualTo(3);

        Dataset<Row> any = spark.sql("SELECT " + call("text") + " FROM papers LIMIT 2");
        assertThat(any.collectAsList()).hasSize(2);
        assertThat(any.queryExecution().optimizedPlan().toString())
                .containsPattern("(?s)LocalLimit.*LongwingSummarize.*LocalLimit");

        assertThat(spark.sql("SELECT id FROM papers ORDER BY length(" + call("text") + "), id LIMIT 2")
                        .collectAsList())
                .as("an order of results needs them all")
                .hasSize(2);
    }

    @Test
    void leavesOutWhatNobodyReads() {
        assertThat(spark.sql("SELECT count(*) FROM (SELECT *, " + call("text") + " AS summary FROM papers)")
                        .queryExecution()
                        .optimizedPlan()
                        .toString())
                .doesNotContain("Longwing");
    }

    @Test
    void computesACallOnceHoweverOftenItStandsThere() {
        Dataset<Row> twice = spark.sql("SELECT " + call("text") + " AS a, upper(" + call("text")
                + ") AS b, CASE WHEN id > 3 THEN " + call("text") + " END AS c FROM papers");
        assertThat(twice.collectAsList())
                .allSatisfy(row -> assertThat(row.getString(1)).isEqualToIgnoringCase(row.getString(0)));
        assertThat(documents(twice)).isEqualTo(12);

        Dataset<Row> shared = spark.sql("WITH s AS (SELECT id, " + call("text") + " AS summary FROM papers)"
                + " SELECT a.id, b.summary FROM s a JOIN s b ON a.id = b.id WHERE a.summary = b.summary");
        assertThat(shared.collectAsList()).hasSize(12);
        assertThat(documents(shared))
                .as("a common table expression that is used twice")
                .isEqualTo(12);
    }

    @Test
    void computesABranchForTheRowsThatReachIt() {
        Dataset<Row> rows = spark.sql("SELECT id, CASE WHEN id < 2 THEN " + call("text")
                + " WHEN id < 5 THEN 'no' ELSE " + "coalesce(CASE WHEN id < 11 THEN 'none' END, " + call("question")
                + ") END AS value FROM papers");

        assertThat(rows.orderBy("id").collectAsList())
                .extracting(row -> row.getInt(0) < 2 || row.getInt(0) == 11 ? "model" : row.getString(1))
                .containsExactly(
                        "model", "model", "no", "no", "no", "none", "none", "none", "none", "none", "none", "model");
        assertThat(rows.filter("value IS NULL").count()).isZero();
    }

    @Test
    void standsWhereExpressionsStand() {
        assertThat(spark.sql(
                                "SELECT label, count(*) AS n, avg(p) > 0 FROM (SELECT longwing_classify(text).label AS label,"
                                        + " longwing_classify(text).probability AS p FROM papers) GROUP BY label")
                        .agg(org.apache.spark.sql.functions.sum("n"))
                        .head()
                        .getLong(0))
                .isEqualTo(12);
        Row grouped = spark.sql(
                        "SELECT longwing_classify(text).label, count(*), avg(longwing_classify(text).probability),"
                                + " max(longwing_classify(text).label) FROM papers GROUP BY longwing_classify(text).label"
                                + " ORDER BY count(*) DESC")
                .head();
        assertThat(grouped.getString(3)).isEqualTo(grouped.getString(0));
        assertThat(grouped.getDouble(2)).isBetween(0.0, 1.0);
        Dataset<Row> ofGroups = spark.sql("SELECT id % 2 AS half, count(*) AS n, "
                + call("concat_ws(' ', sort_array(collect_list(text)))")
                + " AS summary FROM papers GROUP BY id % 2 HAVING " + call("max(text)") + " IS NOT NULL");
        assertThat(ofGroups.collectAsList()).hasSize(2).allSatisfy(row -> {
            assertThat(row.getLong(1)).isEqualTo(6);
            assertThat(row.getString(2)).isNotNull();
        });
        assertThat(spark.sql("SELECT DISTINCT " + call("p.text") + ", longwing_answer(p.question, q.text).answer,"
                                + " longwing_embed(" + call("q.text") + ")[0], row_number() OVER (ORDER BY length("
                                + call("p.text") + "), p.id) FROM papers p JOIN papers q ON p.id = q.id + 1")
                        .collectAsList())
                .hasSize(11);
        assertThat(spark.sql(
                                "SELECT p.id FROM papers p JOIN (SELECT *, longwing_classify(text).label AS l FROM papers) q"
                                        + " ON p.id = q.id AND q.l IS NOT NULL")
                        .collectAsList())
                .hasSize(12);
        spark.sql("CREATE OR REPLACE TEMP VIEW summarized AS SELECT id, " + call("text") + " AS summary FROM papers");
        assertThat(spark.sql("SELECT a.summary FROM summarized a JOIN summarized b ON a.id = b.id")
                        .collectAsList())
                .as("a view beside itself")
                .hasSize(12);
        assertThat(spark.sql("SELECT explode(split(" + call("text") + ", ' ')) FROM papers WHERE id IN"
                                + " (SELECT id FROM summarized WHERE summary IS NOT NULL)")
                        .collectAsList())
                .isNotEmpty();
        assertThat(spark.sql("SELECT " + call("'The ship left.'")).head().getString(0))
                .isNotNull();
    }

    @Test
    void makesTables() {
        String place = directory.resolve("made").toString();
        spark.sql("CREATE TABLE made USING parquet LOCATION '" + place + "' AS SELECT id, " + call("text")
                + " AS summary FROM papers");
        try {
            spark.sql("INSERT INTO made SELECT id + 100, " + call("text") + " FROM papers WHERE id < 2");
            assertThat(spark.table("made").count()).isEqualTo(14);
        } finally {
            spark.sql("DROP TABLE made");
        }
    }

    @Test
    void worksUnderAdaptiveExecutionAndSpreadsSmallInputs() {
        String query = "SELECT p.id, " + call("p.text") + " AS summary FROM papers p JOIN papers q ON p.id = q.id";
        List<Row> expected = spark.sql(query).orderBy("id").collectAsList();
        spark.conf().set("spark.sql.adaptive.enabled", "true");
        try {
            Dataset<Row> rows = spark.sql(query);
            assertThat(rows.orderBy("id").collectAsList()).isEqualTo(expected);
            assertThat(rows.queryExecution().optimizedPlan().toString())
                    .containsPattern("(?s)LongwingSummarize.*\\n\\s*.- Repartition \\d+, true");
            spark.conf().set("spark.longwing.sql.spread", "false");
            assertThat(spark.sql(query).queryExecution().optimizedPlan().toString())
                    .doesNotContain("Repartition");
        } finally {
            spark.conf().unset("spark.longwing.sql.spread");
            spark.conf().set("spark.sql.adaptive.enabled", "false");
        }
    }

    @Test
    void aTableHasAllResultColumns() {
        Dataset<Row> rows = spark.sql("SELECT * FROM longwing_summarize(TABLE(papers), 'text', " + SHORT + ")");

        assertThat(rows.columns())
                .contains("id", "year", "text", "summary", "score", "output_tokens", "input_tokens", "model", "error")
                .startsWith("id", "year", "text", "question", "summary");
        assertThat(rows.where("error IS NULL AND input_tokens > 0 AND output_tokens <= 4")
                        .count())
                .isEqualTo(12);
        assertThat(documents(spark.sql("SELECT summary FROM longwing_summarize(TABLE(SELECT * FROM papers), 'text', "
                        + SHORT + ") WHERE id < 3")))
                .isEqualTo(3);
        assertThat(spark.sql(
                                "SELECT id, error.class FROM longwing_summarize(TABLE(SELECT * FROM VALUES (1, ' '), (2, 'a')"
                                        + " AS d(id, text)), 'text') ORDER BY id")
                        .collectAsList()
                        .get(0)
                        .getString(1))
                .isEqualTo("EmptyText");
        assertThat(spark.sql("SELECT count(*) FROM longwing_embed(TABLE(SELECT * FROM VALUES (' '), ('a') AS d(text)),"
                                + " 'text', map('on_error', 'dropmalformed')) WHERE embedding IS NOT NULL")
                        .head()
                        .getLong(0))
                .isEqualTo(1);
        assertThat(spark.sql("SELECT question, question_index FROM longwing_answer(TABLE(SELECT id, text,"
                                + " array('Who?', 'What?') AS questions FROM papers), 'text')")
                        .collectAsList())
                .hasSize(24);
        assertThat(spark.sql("SELECT l_answer FROM longwing_answer(TABLE(papers), 'text',"
                                + " map('question-column', 'question', 'result-prefix', 'l_'))")
                        .collectAsList())
                .hasSize(12);
    }

    @Test
    void refusesWithOneSentenceWhileTheQueryIsAnalysed() {
        refuses("SELECT longwing_summarize(id) FROM papers", "the text is int, expected string or binary");
        refuses("SELECT longwing_answer(id, text) FROM papers", "the question is int, expected string");
        refuses("SELECT longwing_summarize() FROM papers", "it has 0 arguments, expected longwing_summarize.text.");
        refuses(
                "SELECT longwing_summarize(text, map('num-beams', question)) FROM papers",
                "not a constant, expected a constant map of options");
        refuses("SELECT longwing_summarize(text, 4) FROM papers", "its options are int, expected a constant map");
        refuses(
                "SELECT longwing_summarize(text, map('num-beems', '4')) FROM papers",
                "Cannot use the option num-beems: it is unknown, expected one of .*did you mean num-beams");
        refuses(
                "SELECT longwing_summarize(text, map('num-beams', '0')) FROM papers",
                "num_beams is 0, expected at least 1");
        refuses(
                "SELECT longwing_classify(text, map('top-k', 'all')) FROM papers",
                "Cannot use the option top-k: it is all, expected a whole number from 1 up");
        refuses(
                "SELECT longwing_summarize(text, map('max-source-tokens', '99999')) FROM papers",
                "max-source-tokens: it is 99999, expected 2 to 256, the model's max_position_embeddings");
        refuses(
                "SELECT longwing_summarize(text, map('model', '/no/such/model')) FROM papers",
                "Cannot find the model /no/such/model");
        refuses(
                "SELECT longwing_classify(text, map('model', '" + directory.resolve("summaries") + "')) FROM papers",
                "Cannot classify with this model: architectures is BigBirdPegasusForConditionalGeneration");
        refuses(
                "SELECT longwing_summarize(text, map('on-error', 'dropmalformed')) FROM papers",
                "on-error: it is dropmalformed, expected permissive or failfast");
        refuses(
                "SELECT * FROM papers p JOIN papers q ON longwing_classify(p.text) = longwing_classify(q.text)",
                "Cannot run longwing_classify in the condition of a join");
        refuses(
                "SELECT transform(array(text), t -> longwing_summarize(t)) FROM papers",
                "Cannot run longwing_summarize in a lambda function");
        refuses(
                "SELECT * FROM longwing_summarize(TABLE(papers), 'body')",
                "the text column is body, expected one of the columns that the input has");
        refuses(
                "SELECT * FROM longwing_summarize(TABLE(papers), 'year')",
                "the text column year is int, expected string or binary; name another with the second argument");
        refuses(
                "SELECT * FROM longwing_summarize(TABLE(papers))",
                "expected longwing_summarize.TABLE.documents., 'text'.");
        refuses(
                "SELECT * FROM longwing_summarize(TABLE(papers) WITH SINGLE PARTITION, 'text')",
                "each document is processed by itself");
        refuses(
                "SELECT * FROM longwing_summarize(TABLE(SELECT *, 1 AS summary FROM papers), 'text')",
                "Cannot keep column summary.*set the option result-prefix");
        spark.conf().unset("spark.longwing.generate.model");
        try {
            refuses("SELECT longwing_generate(text) FROM papers", "set spark.longwing.generate.model in the session");
        } finally {
            spark.conf()
                    .set(
                            "spark.longwing.generate.model",
                            directory.resolve("continuations").toString());
        }
    }

    private static void refuses(String query, String sentence) {
        assertThatThrownBy(() -> spark.sql(query))
                .as(query)
                .isInstanceOf(AnalysisException.class)
                .message()
                .startsWith("Cannot ")
                .doesNotContain("\n")
                .containsPattern(sentence);
    }

    /** How many documents the stages of a query computed. */
    private static long documents(Dataset<Row> rows) {
        if (stages(rows).mapToLong(SqlTest::count).sum() == 0) {
            List<Row> unused = rows.collectAsList();
        }
        return stages(rows).mapToLong(SqlTest::count).sum();
    }

    private static long count(DocumentStageExec stage) {
        return stage.metrics().apply("numOutputRows").value();
    }

    private static Stream<DocumentStageExec> stages(Dataset<Row> rows) {
        List<DocumentStageExec> found = new ArrayList<>();
        collect(rows.queryExecution().executedPlan(), found);
        return found.stream();
    }

    private static void collect(SparkPlan plan, List<DocumentStageExec> found) {
        if (plan instanceof DocumentStageExec stage) {
            found.add(stage);
        }
        CollectionConverters.asJava(plan.children()).forEach(child -> collect(child, found));
    }
}
