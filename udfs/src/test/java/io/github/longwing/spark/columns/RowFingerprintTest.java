package io.github.longwing.spark.columns;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.spark.TestSessions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.Questions;
import io.github.longwing.task.ResultBasis;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowFingerprintTest {
    private static final String MODEL = "model@abc";
    private static final RowFingerprint FINGERPRINT = new RowFingerprint("summarize/options");

    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        spark = TestSessions.start("local[1]");
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @ParameterizedTest
    @EnumSource(ResultBasis.class)
    void isTheSameOnTheDriverAndOnExecutors(ResultBasis basis) {
        Dataset<Row> rows = projected("""
                SELECT * FROM VALUES ('a', 'one text', 'why?'), ('b', 'ünï\\u0000\\uD83D\\uDE00', ''), (NULL, NULL, NULL),
                  ('', '', 'x') AS t(id, text, question)""", new Questions.InColumn("question"));

        List<String> onDriver = rows.select(FINGERPRINT.column(rows, MODEL, basis)).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();

        assertThat(onDriver).hasSize(4).doesNotHaveDuplicates().allMatch(text -> text.matches("[0-9a-f]{32}"));
        assertThat(rows.collectAsList().stream().map(row -> FINGERPRINT.of(row, MODEL, basis)))
                .containsExactlyElementsOf(onDriver);
    }

    @Test
    void holdsWhatCouldNotBeRead() {
        String failing =
                "SELECT id, CAST(NULL AS STRING) AS text, named_struct('class', nullif('MalformedRecord', ''), 'message', nullif(id, ''))"
                        + " AS `" + FileFailure.COLUMN + "` FROM VALUES ('line 1'), ('line 2') AS t(id)";
        Dataset<Row> rows = projected(failing, new Questions.None());

        List<String> onExecutors = rows.collectAsList().stream()
                .map(row -> FINGERPRINT.of(row, MODEL, ResultBasis.TEXT))
                .toList();

        assertThat(onExecutors).doesNotHaveDuplicates();
        assertThat(rows.select(FINGERPRINT.column(rows, MODEL, ResultBasis.TEXT))
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .isEqualTo(onExecutors);
    }

    @Test
    void tellsEqualTextsOnOtherPages() {
        String paged =
                "SELECT id, 'a text' AS text, pages AS `" + TextPages.COLUMN + "` FROM VALUES ('a', array(0, 1)),"
                        + " ('b', array(0, 1, 2, 2)), ('c', CAST(NULL AS ARRAY<INT>)) AS t(id, pages)";
        Dataset<Row> rows = projected(paged, new Questions.None());

        List<String> onExecutors = rows.collectAsList().stream()
                .map(row -> FINGERPRINT.of(row, MODEL, ResultBasis.TEXT))
                .toList();

        assertThat(onExecutors).hasSize(3).doesNotHaveDuplicates();
        assertThat(rows.select(FINGERPRINT.column(rows, MODEL, ResultBasis.TEXT))
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .isEqualTo(onExecutors);
    }

    @Test
    void leavesTheIdOutUnlessSamplesAreDrawnByIt() {
        Dataset<Row> rows =
                projected("SELECT id, 'same' AS text FROM VALUES ('a'), ('b') AS t(id)", new Questions.None());

        assertThat(fingerprints(rows, FINGERPRINT, MODEL, ResultBasis.TEXT)).hasSize(1);
        assertThat(fingerprints(rows, FINGERPRINT, MODEL, ResultBasis.TEXT_AND_ID))
                .hasSize(2);
    }

    @Test
    void changesWithTheTaskItsOptionsAndTheModel() {
        Dataset<Row> rows = projected("SELECT 'a' AS id, 'text' AS text", new Questions.None());
        SummarizerOptions four = SummarizerOptions.of(Map.of("num-beams", "4"));
        SummarizerOptions five = SummarizerOptions.of(Map.of("num-beams", "5"));

        List<String> all = IntStream.range(0, 4)
                .mapToObj(i -> switch (i) {
                    case 0 -> fingerprints(rows, RowFingerprint.of("summarize", four), MODEL, ResultBasis.TEXT);
                    case 1 -> fingerprints(rows, RowFingerprint.of("summarize", five), MODEL, ResultBasis.TEXT);
                    case 2 -> fingerprints(rows, RowFingerprint.of("generate", four), MODEL, ResultBasis.TEXT);
                    default -> fingerprints(rows, RowFingerprint.of("summarize", four), "other@x", ResultBasis.TEXT);
                })
                .flatMap(List::stream)
                .toList();

        assertThat(all).hasSize(4).doesNotHaveDuplicates();
        assertThat(RowFingerprint.of("summarize", SummarizerOptions.of(Map.of("num-beams", "4"))))
                .isEqualTo(RowFingerprint.of("summarize", four));
    }

    private static List<String> fingerprints(
            Dataset<Row> rows, RowFingerprint fingerprint, String model, ResultBasis basis) {
        return rows.select(fingerprint.column(rows, model, basis)).collectAsList().stream()
                .map(row -> row.getString(0))
                .distinct()
                .toList();
    }

    private static Dataset<Row> projected(String sql, Questions questions) {
        return InputColumns.project(spark.sql(sql), new DocumentColumns("id", "text", questions, List.of(), ""));
    }
}
