package io.github.longwing.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.longwing.error.DocumentException;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.progress.JobTotals;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DocumentTransformationTest {
    private static final StructType ID_AND_TEXT = DataTypes.createStructType(List.of(
            ResultSchema.nullable("id", DataTypes.StringType), ResultSchema.nullable("text", DataTypes.StringType)));
    private static final StructType ID_AND_BYTES = DataTypes.createStructType(List.of(
            ResultSchema.nullable("id", DataTypes.StringType), ResultSchema.nullable("text", DataTypes.BinaryType)));

    private static SparkSession spark;

    private final FakeSummarizer.Loader loader = new FakeSummarizer.Loader("summaries", 1);

    @BeforeAll
    static void startSpark() {
        spark = TestSessions.start("local[2]");
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void givesEachDocumentARowOfTheDeclaredColumns() {
        Dataset<Row> rows =
                summarize(documents("a", "one two", "b", "one two three four"), options(ErrorPolicy.PERMISSIVE));

        assertThat(rows.schema().toDDL())
                .isEqualTo("id STRING,summary STRING,score DOUBLE,output_tokens INT,finish_reason STRING,levels INT,"
                        + "sentences ARRAY<STRUCT<text: STRING, begin: INT, end: INT, window: INT>>,"
                        + "input_tokens INT,truncated BOOLEAN,windows INT,attention STRING,model STRING,fingerprint STRING,"
                        + "error STRUCT<class: STRING, message: STRING>");
        assertThat(collect(rows.drop("fingerprint")))
                .containsExactly(
                        RowFactory.create(
                                "a",
                                "ONE TWO",
                                null,
                                10,
                                "eos",
                                1,
                                null,
                                3,
                                false,
                                1,
                                "original_full",
                                FakeSummarizer.MODEL,
                                null),
                        RowFactory.create(
                                "b",
                                "ONE TWO THREE FOUR",
                                null,
                                10,
                                "eos",
                                1,
                                null,
                                5,
                                true,
                                1,
                                "original_full",
                                FakeSummarizer.MODEL,
                                null));
    }

    @Test
    void givesSeveralSummariesAsAnArray() {
        TaskOptions<SummarizerOptions> options = new TaskOptions<>(
                ModelReference.embedded(),
                DocumentColumns.standard(),
                SummarizerOptions.of(Map.of("num_return_sequences", "2")),
                ErrorPolicy.PERMISSIVE,
                InputPartitioning.AS_GIVEN);

        Dataset<Row> rows = DocumentTransformation.SUMMARIZE.apply(
                documents("a", "x"), options, new FakeSummarizer.Loader("two sequences", 2), JobProgress.none());

        assertThat(rows.schema().apply("summaries").dataType().sql())
                .isEqualTo("ARRAY<STRUCT<text: STRING, score: DOUBLE, output_tokens: INT, finish_reason: STRING>>");
        assertThat(rows.schema().fieldNames()).doesNotContain("summary", "score");
        assertThat(rows.head().<Row>getList(1))
                .containsExactly(RowFactory.create("X", -0.5, 10, "eos"), RowFactory.create("XX", -1.0, 20, "length"));
    }

    @Test
    void keepsColumnsOfAnyTypeAndPrefixesTheResults() {
        Dataset<Row> documents = spark.sql("SELECT 7L AS id, 'x' COLLATE UTF8_LCASE AS text, 'mine' AS summary,"
                + " named_struct('n', 1, 'l', array('p', NULL)) AS meta, map('k', 1.5D) AS weights,"
                + " timestamp'1752-02-29 12:34:56.789012' AS at, timestamp_ntz'2024-02-29 12:34:56' AS local,"
                + " date'0001-01-01' AS day, CAST(1.50 AS DECIMAL(38,18)) AS price, X'00FF' AS bytes, NULL AS nothing,"
                + " INTERVAL '1-2' YEAR TO MONTH AS months, INTERVAL '1 02:03:04' DAY TO SECOND AS hours,"
                + " parse_json('{\"a\": [1, null]}') AS json");
        List<String> keep = Arrays.stream(documents.columns())
                .filter(column -> !column.equals("id"))
                .toList();
        Column[] kept = Arrays.stream(documents.columns())
                .map(column -> col(column).cast(DataTypes.StringType))
                .toArray(Column[]::new);

        Dataset<Row> rows = summarize(documents, options(new DocumentColumns("id", "text", keep, "lw_")));

        assertThat(Arrays.copyOf(rows.columns(), kept.length)).isEqualTo(documents.columns());
        assertThat(Arrays.copyOfRange(rows.columns(), kept.length, rows.columns().length))
                .containsExactly(
                        "lw_summary",
                        "lw_score",
                        "lw_output_tokens",
                        "lw_finish_reason",
                        "lw_levels",
                        "lw_sentences",
                        "lw_input_tokens",
                        "lw_truncated",
                        "lw_windows",
                        "lw_attention",
                        "lw_model",
                        "lw_fingerprint",
                        "lw_error");
        assertThat(rows.select(kept).collectAsList())
                .isEqualTo(documents.select(kept).collectAsList());
        assertThat(rows.head().<String>getAs("lw_summary")).isEqualTo("X");
    }

    @Test
    void givesADocumentWithoutTextAnErrorRowWithTheModelAndNothingElse() {
        List<Row> rows = collect(summarize(
                documents(
                        "blank",
                        " \t\n\u2003",
                        "empty",
                        "",
                        "fails",
                        "fail",
                        "fine",
                        "x",
                        "mark",
                        "\uFEFF ",
                        "null",
                        null,
                        "throws",
                        "throw"),
                options(ErrorPolicy.PERMISSIVE)));

        assertThat(rows)
                .extracting(
                        DocumentTransformationTest::id,
                        DocumentTransformationTest::errorClass,
                        DocumentTransformationTest::errorMessage)
                .containsExactly(
                        tuple(
                                "blank",
                                "EmptyText",
                                "Cannot read the text: it is nothing but white space, expected a text"),
                        tuple("empty", "EmptyText", "Cannot read the text: it is empty, expected a text"),
                        tuple("fails", "NonFiniteOutput", "Cannot summarize: the logits are NaN"),
                        tuple("fine", null, null),
                        tuple(
                                "mark",
                                "EmptyText",
                                "Cannot read the text: it is nothing but white space, expected a text"),
                        tuple("null", "EmptyText", "Cannot read the text: it is null, expected a text"),
                        tuple("throws", "TextTooLong", "Cannot summarize: too long"));
        assertThat(rows).extracting(row -> row.<String>getAs("model")).containsOnly(FakeSummarizer.MODEL);
        Row error = rows.get(0);
        assertThat(List.of(
                        "summary",
                        "score",
                        "output_tokens",
                        "finish_reason",
                        "levels",
                        "sentences",
                        "input_tokens",
                        "truncated",
                        "windows",
                        "attention"))
                .allSatisfy(column -> assertThat(error.<Object>getAs(column)).isNull());
    }

    @Test
    void readsBytesAsUtf8AndGivesOtherBytesAnErrorRow() {
        Dataset<Row> documents = spark.createDataFrame(
                List.of(
                        RowFactory.create("latin", "caf\u00e9 noir".getBytes(StandardCharsets.ISO_8859_1)),
                        RowFactory.create("none", null),
                        RowFactory.create("utf16", "x".getBytes(StandardCharsets.UTF_16)),
                        RowFactory.create("utf8", "caf\u00e9 \uD83E\uDD8B".getBytes(StandardCharsets.UTF_8))),
                ID_AND_BYTES);

        List<Row> rows = collect(summarize(documents, options(ErrorPolicy.PERMISSIVE)));

        assertThat(rows)
                .extracting(
                        DocumentTransformationTest::id,
                        DocumentTransformationTest::errorClass,
                        DocumentTransformationTest::errorMessage)
                .containsExactly(
                        tuple(
                                "latin",
                                "InvalidText",
                                "Cannot read the text: byte 3 is 0xE9, expected UTF-8 throughout;"
                                        + " decode it from its own charset before"),
                        tuple("none", "EmptyText", "Cannot read the text: it is null, expected a text"),
                        tuple(
                                "utf16",
                                "InvalidText",
                                "Cannot read the text: byte 0 is 0xFE, expected UTF-8 throughout;"
                                        + " decode it from its own charset before"),
                        tuple("utf8", null, null));
        assertThat(rows.get(3).<String>getAs("summary")).isEqualTo("CAF\u00c9 \uD83E\uDD8B");
    }

    @Test
    void seesDamageInAStringColumnThatSparkWouldPaintOver() {
        Dataset<Row> documents = spark.sql("SELECT 'a' AS id, CAST(X'78FF' AS STRING) AS text");

        assertThat(collect(summarize(documents, options(ErrorPolicy.PERMISSIVE))))
                .extracting(DocumentTransformationTest::errorMessage)
                .containsExactly("Cannot read the text: byte 1 is 0xFF, expected UTF-8 throughout;"
                        + " decode it from its own charset before");
    }

    @Test
    void handsControlCharactersAndAByteOrderMarkToTheTokenizerAsTheyAre() {
        String text = "\uFEFFone\u0000two\u0007\u001b[0m\r\n";
        FakeSummarizer.Loader own = new FakeSummarizer.Loader("control characters", 1);

        DocumentTransformation.SUMMARIZE
                .apply(documents("a", text), options(ErrorPolicy.PERMISSIVE), own, JobProgress.none())
                .collectAsList();

        assertThat(own.journal().submitted)
                .extracting(document -> document.text())
                .containsExactly(text);
    }

    @Test
    void namesDocumentsByTheirIdOfAnyType() {
        Dataset<Row> documents = spark.sql("SELECT named_struct('a', 1, 'b', 'z') AS id, 'x' AS text");
        FakeSummarizer.Loader own = new FakeSummarizer.Loader("ids", 1);

        DocumentTransformation.SUMMARIZE
                .apply(documents, options(ErrorPolicy.PERMISSIVE), own, JobProgress.none())
                .collectAsList();

        assertThat(own.journal().submitted)
                .extracting(document -> document.id())
                .containsExactly("{1, z}");
    }

    @Test
    void failsTheJobAtTheFirstErrorWhereAskedToAndNamesTheDocument() {
        Dataset<Row> rows = summarize(documents("good", "x", "bad", "fail"), options(ErrorPolicy.FAILFAST));

        assertThatThrownBy(rows::collectAsList)
                .hasRootCauseInstanceOf(DocumentException.class)
                .hasRootCauseMessage(
                        "Cannot process document bad (NonFiniteOutput): Cannot summarize: the logits are NaN;"
                                + " with --on-error permissive it becomes a row with an error");
    }

    @Test
    void leavesDocumentsWithErrorsOutWhereAskedToButCountsThem() {
        try (JobProgress progress = JobProgress.registered(spark.sparkContext())) {
            Dataset<Row> rows = DocumentTransformation.SUMMARIZE.apply(
                    documents("a", "", "b", "one two", "c", "fail"),
                    options(ErrorPolicy.DROPMALFORMED),
                    loader,
                    progress);

            assertThat(collect(rows)).extracting(DocumentTransformationTest::id).containsExactly("b");
            assertThat(progress.finished()).isEqualTo(new JobTotals(3, 2, 3, 10));
        }
    }

    @Test
    void failsTheTaskForABugWithItsCause() {
        Dataset<Row> rows = summarize(documents("a", "x", "b", "bug"), options(ErrorPolicy.PERMISSIVE));

        assertThatThrownBy(rows::collectAsList)
                .hasRootCauseInstanceOf(ArithmeticException.class)
                .hasRootCauseMessage("a bug in the runtime")
                .hasStackTraceContaining(
                        "Cannot process document b: java.lang.ArithmeticException: a bug in the runtime");
    }

    @Test
    void countsDocumentsErrorsAndTokens() {
        try (JobProgress progress = JobProgress.registered(spark.sparkContext())) {
            DocumentTransformation.SUMMARIZE
                    .apply(
                            documents("a", "one two", "b", "", "c", "one two three"),
                            options(ErrorPolicy.PERMISSIVE),
                            loader,
                            progress)
                    .collectAsList();

            assertThat(progress.finished()).isEqualTo(new JobTotals(3, 1, 3 + 4, 20));
        }
    }

    @Test
    void letsSparkCountWhereThereIsNoSparkContext() throws InterruptedException {
        Observation observation = new Observation();
        DocumentColumns columns = new DocumentColumns("id", "text", List.of(), "lw_");
        Dataset<Row> rows = summarize(documents("a", "one two", "b", "", "c", "one two three"), options(columns));

        DocumentTransformation.SUMMARIZE
                .observe(rows, options(columns), observation)
                .collectAsList();

        assertThat(observation.getAsJava())
                .containsOnly(
                        Map.entry("documents", 3L),
                        Map.entry("errors", 1L),
                        Map.entry("input_tokens", 7L),
                        Map.entry("output_tokens", 20L));
    }

    @Test
    void letsSparkCountTheTokensOfSeveralSummaries() throws InterruptedException {
        TaskOptions<SummarizerOptions> options = new TaskOptions<>(
                ModelReference.embedded(),
                DocumentColumns.standard(),
                SummarizerOptions.of(Map.of("num_return_sequences", "2")),
                ErrorPolicy.PERMISSIVE,
                InputPartitioning.AS_GIVEN);
        Observation observation = new Observation();
        Dataset<Row> rows = DocumentTransformation.SUMMARIZE.apply(
                documents("a", "one two", "b", ""),
                options,
                new FakeSummarizer.Loader("two observed", 2),
                JobProgress.none());

        DocumentTransformation.SUMMARIZE.observe(rows, options, observation).collectAsList();

        assertThat(observation.getAsJava()).containsEntry("output_tokens", 30L).containsEntry("errors", 1L);
    }

    @Test
    void loadsNoModelForAnEmptyInput() {
        FakeSummarizer.Loader own = new FakeSummarizer.Loader("empty input", 1);

        List<Row> rows = DocumentTransformation.SUMMARIZE
                .apply(documents(), options(ErrorPolicy.PERMISSIVE), own, JobProgress.none())
                .collectAsList();

        assertThat(rows).isEmpty();
        assertThat(own.journal().loads).isEmpty();
    }

    private Dataset<Row> summarize(Dataset<Row> documents, TaskOptions<SummarizerOptions> options) {
        return DocumentTransformation.SUMMARIZE.apply(documents, options, loader, JobProgress.none());
    }

    private static TaskOptions<SummarizerOptions> options(ErrorPolicy onError) {
        return new TaskOptions<>(
                ModelReference.embedded(),
                DocumentColumns.standard(),
                SummarizerOptions.of(Map.of()),
                onError,
                InputPartitioning.AS_GIVEN);
    }

    private static TaskOptions<SummarizerOptions> options(DocumentColumns columns) {
        return new TaskOptions<>(
                ModelReference.embedded(),
                columns,
                SummarizerOptions.of(Map.of()),
                ErrorPolicy.PERMISSIVE,
                InputPartitioning.AS_GIVEN);
    }

    private static Dataset<Row> documents(String... idsAndTexts) {
        List<Row> rows = IntStream.range(0, idsAndTexts.length / 2)
                .mapToObj(i -> RowFactory.create(idsAndTexts[2 * i], idsAndTexts[2 * i + 1]))
                .toList();
        return spark.createDataFrame(rows, ID_AND_TEXT);
    }

    private static List<Row> collect(Dataset<Row> rows) {
        return Arrays.stream((Row[]) rows.collect())
                .sorted(Comparator.comparing(DocumentTransformationTest::id))
                .toList();
    }

    private static String id(Row row) {
        return row.getAs("id");
    }

    private static String errorClass(Row row) {
        Row error = row.getAs("error");
        return error == null ? null : error.getAs("class");
    }

    private static String errorMessage(Row row) {
        Row error = row.getAs("error");
        return error == null ? null : error.getAs("message");
    }
}
