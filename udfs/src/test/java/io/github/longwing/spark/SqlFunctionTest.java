package io.github.longwing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.executor.TaskLoader;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.sql.SessionModel;
import io.github.longwing.spark.task.AnswerColumns;
import io.github.longwing.spark.task.ClassificationColumns;
import io.github.longwing.spark.task.ContinuationColumns;
import io.github.longwing.spark.task.EmbeddingColumns;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.spark.task.SummaryColumns;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SqlFunctionTest {
    private static final String DOCUMENTS =
            "VALUES (1, 'one'), (2, NULL), (3, ' '), (4, 'fail'), (5, 'five') AS documents(id, text)";

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
    void summarizesInSqlAndGivesNullWhereThereIsNoSummary() {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("sql", 1);
        register(loader, ErrorPolicy.PERMISSIVE);

        assertThat(spark.sql("SELECT id, longwing_summarize(text) AS summary FROM " + DOCUMENTS + " ORDER BY id")
                        .collectAsList())
                .containsExactly(
                        RowFactory.create(1, "ONE"),
                        RowFactory.create(2, null),
                        RowFactory.create(3, null),
                        RowFactory.create(4, null),
                        RowFactory.create(5, "FIVE"));
        assertThat(loader.journal().loads).as("loads, though two tasks called").hasSize(1);
    }

    @Test
    void computesASummaryOnceHoweverOftenAQueryUsesIt() {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("sql once", 1);
        register(loader, ErrorPolicy.PERMISSIVE);

        Row row = spark.sql("SELECT summary, length(summary), upper(summary) FROM"
                        + " (SELECT longwing_summarize(text) AS summary FROM VALUES ('one') AS d(text))"
                        + " WHERE summary IS NOT NULL AND length(summary) > 2")
                .head();

        assertThat(row).isEqualTo(RowFactory.create("ONE", 3, "ONE"));
        assertThat(loader.journal().submitted).hasSize(1);
    }

    @Test
    void failsTheQueryAtAnErrorWhereAskedTo() {
        register(new FakeSummarizer.Loader("sql failfast", 1), ErrorPolicy.FAILFAST);

        assertThatThrownBy(() -> spark.sql("SELECT longwing_summarize(text) FROM VALUES ('fail') AS d(text)")
                        .collectAsList())
                .hasRootCauseInstanceOf(DocumentException.class)
                .hasStackTraceContaining("(NonFiniteOutput): Cannot summarize: the logits are NaN");
        assertThatThrownBy(() -> register(new FakeSummarizer.Loader("sql drop", 1), ErrorPolicy.DROPMALFORMED))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot make a SQL function: on_error is dropmalformed, expected");
    }

    @Test
    void givesEachTaskItsFunction() {
        register(ClassificationColumns.TASK, new FakeTasks.Classifier());
        register(ContinuationColumns.TASK, new FakeTasks.Generator(1));
        register(EmbeddingColumns.TASK, new FakeTasks.Vectors());

        Dataset<Row> rows = spark.sql("SELECT longwing_classify(text) AS c, longwing_generate(text) AS g,"
                + " longwing_embed(text) AS e FROM VALUES ('one') AS d(text)");
        assertThat(rows.schema().toDDL())
                .isEqualTo("c STRUCT<label: STRING, probability: DOUBLE,"
                        + " labels: ARRAY<STRUCT<label: STRING, probability: DOUBLE>>>,g STRING,e ARRAY<FLOAT>");
        assertThat(rows.selectExpr("c.label", "c.labels[1].probability", "g", "e[0]")
                        .head())
                .isEqualTo(RowFactory.create("some", 0.25, "ONE", 3f));
        assertThat(spark.sql("SELECT longwing_classify(t), longwing_generate(t), longwing_embed(t)"
                                + " FROM VALUES (CAST(NULL AS STRING)), ('') AS d(t)")
                        .collectAsList())
                .containsOnly(RowFactory.create(null, null, null));
    }

    @Test
    void answersAQuestionWithAPlaceThatSubstringUnderstands() {
        register(AnswerColumns.TASK, new FakeTasks.Answerer());

        assertThat(spark.sql("SELECT a.answer, substring(text, a.begin + 1, a.end - a.begin) FROM (SELECT text,"
                                + " longwing_answer(question, text) AS a FROM VALUES ('🦋 🦋 caf\u00e9 noir', 'noir'),"
                                + " ('one', 'two'), (NULL, 'two'), ('one', NULL), ('one', ' ') AS d(text, question))")
                        .collectAsList())
                .containsExactly(
                        RowFactory.create("noir", "noir"),
                        RowFactory.create(null, null),
                        RowFactory.create(null, null),
                        RowFactory.create(null, null),
                        RowFactory.create(null, null));
    }

    @Test
    void asksForAModelWhereTheJarCarriesNoneForTheTask() {
        spark.udf()
                .registerJava(
                        "classify_by_name", ClassifyFunction.class.getName(), ClassificationColumns.TASK.sqlType());
        spark.udf().registerJava("generate_by_name", GenerateFunction.class.getName(), DataTypes.StringType);
        assertThatThrownBy(() -> spark.sql("SELECT generate_by_name(CAST(id AS STRING)) FROM range(1)")
                        .collectAsList())
                .hasStackTraceContaining("Cannot generate: there is no model, expected one whose architectures is"
                        + " BigBirdPegasusForCausalLM, since the jar carries none for this task; set "
                        + GenerateFunction.MODEL + " in the session or for the cluster");

        spark.sql("SET " + SessionModel.OF_ALL + " = /no/such/model");
        spark.sql("SET " + SummarizeFunction.MODEL + " = /nor/this");
        spark.udf().registerJava("summarize_by_name", SummarizeFunction.class.getName(), DataTypes.StringType);
        try {
            assertThatThrownBy(() -> spark.sql("SELECT classify_by_name('x')").collectAsList())
                    .as("the model of all functions")
                    .hasStackTraceContaining("/no/such/model");
            assertThatThrownBy(() -> spark.sql("SELECT summarize_by_name('x')").collectAsList())
                    .as("a function's own model wins")
                    .hasStackTraceContaining("/nor/this");
        } finally {
            spark.conf().unset(SessionModel.OF_ALL);
            spark.conf().unset(SummarizeFunction.MODEL);
        }
    }

    @Test
    void runsTheModelOfTheSessionWhereRegisteredByItsClassName() {
        spark.udf().registerJava("summarize_by_name", SummarizeFunction.class.getName(), DataTypes.StringType);
        spark.sql("SET " + SummarizeFunction.MODEL + " = /no/such/model");
        try {
            assertThat(spark.sql("SELECT summarize_by_name(CAST(NULL AS STRING))")
                            .head()
                            .get(0))
                    .isNull();
            assertThatThrownBy(() -> spark.sql("SELECT summarize_by_name(CAST(id AS STRING)) FROM range(3)")
                            .collectAsList())
                    .as("on executors")
                    .hasStackTraceContaining("/no/such/model");
            assertThatThrownBy(() -> spark.sql("SELECT summarize_by_name('x')").collectAsList())
                    .as("a constant, which Spark evaluates on the driver")
                    .hasStackTraceContaining("/no/such/model");
        } finally {
            spark.conf().unset(SummarizeFunction.MODEL);
        }
    }

    @Test
    void functionsAndSettingsAreNamedAfterTheirTasks() {
        assertThat(List.of(
                        SummaryColumns.TASK.modelSetting(),
                        ClassificationColumns.TASK.modelSetting(),
                        AnswerColumns.TASK.modelSetting(),
                        ContinuationColumns.TASK.modelSetting(),
                        EmbeddingColumns.TASK.modelSetting()))
                .containsExactly(
                        SummarizeFunction.MODEL,
                        ClassifyFunction.MODEL,
                        AnswerFunction.MODEL,
                        GenerateFunction.MODEL,
                        EmbedFunction.MODEL);
        assertThat(List.of(
                        SummaryColumns.TASK.sqlFunction(),
                        ClassificationColumns.TASK.sqlFunction(),
                        AnswerColumns.TASK.sqlFunction(),
                        ContinuationColumns.TASK.sqlFunction(),
                        EmbeddingColumns.TASK.sqlFunction()))
                .containsExactly(
                        LongwingFunctions.SUMMARIZE,
                        LongwingFunctions.CLASSIFY,
                        LongwingFunctions.ANSWER,
                        LongwingFunctions.GENERATE,
                        LongwingFunctions.EMBED);
    }

    private static void register(FakeSummarizer.Loader loader, ErrorPolicy onError) {
        LongwingFunctions.register(spark, SummaryColumns.TASK, loader, onError);
    }

    private static <T> void register(SparkTask<?, T> task, TaskLoader<T> loader) {
        LongwingFunctions.register(spark, task, loader, ErrorPolicy.PERMISSIVE);
    }
}
