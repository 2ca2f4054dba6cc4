package io.github.longwing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
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
        LongwingFunctions.register(spark, loader, ErrorPolicy.PERMISSIVE);

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
        LongwingFunctions.register(spark, loader, ErrorPolicy.PERMISSIVE);

        Row row = spark.sql("SELECT summary, length(summary), upper(summary) FROM"
                        + " (SELECT longwing_summarize(text) AS summary FROM VALUES ('one') AS d(text))"
                        + " WHERE summary IS NOT NULL AND length(summary) > 2")
                .head();

        assertThat(row).isEqualTo(RowFactory.create("ONE", 3, "ONE"));
        assertThat(loader.journal().submitted).hasSize(1);
    }

    @Test
    void failsTheQueryAtAnErrorWhereAskedTo() {
        LongwingFunctions.register(spark, new FakeSummarizer.Loader("sql failfast", 1), ErrorPolicy.FAILFAST);

        assertThatThrownBy(() -> spark.sql("SELECT longwing_summarize(text) FROM VALUES ('fail') AS d(text)")
                        .collectAsList())
                .hasRootCauseInstanceOf(DocumentException.class)
                .hasStackTraceContaining("(NonFiniteOutput): Cannot summarize: the logits are NaN");
        assertThatThrownBy(() -> LongwingFunctions.register(
                        spark, new FakeSummarizer.Loader("sql drop", 1), ErrorPolicy.DROPMALFORMED))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot register longwing_summarize: on_error is dropmalformed, expected");
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
}
