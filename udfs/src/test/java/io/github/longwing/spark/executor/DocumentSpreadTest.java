package io.github.longwing.spark.executor;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.FakeSummarizer;
import io.github.longwing.spark.TestSessions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentSpreadTest {
    private static final int SLOTS = 4;
    private static final int BIG = SLOTS * DocumentSpread.MAX_COUNTED_PER_SLOT + 1;

    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        spark = TestSessions.start("local[" + SLOTS + "]");
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void spreadsTheDocumentsOfOneSmallFileOverAllSlots(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("documents.jsonl");
        Files.writeString(
                file,
                IntStream.range(0, 43)
                        .mapToObj(i -> "{\"id\": " + i + ", \"text\": \"text " + i + "\"}")
                        .collect(Collectors.joining("\n")));
        Dataset<Row> documents = spark.read().json(file.toString());
        assertThat(documentsPerTask(documents)).containsExactly(43L);

        Dataset<Row> rows = DocumentTransformation.SUMMARIZE.apply(
                documents,
                TaskOptions.of(ModelReference.embedded(), DocumentColumns.standard(), SummarizerOptions.of(Map.of())),
                new FakeSummarizer.Loader("small file", 1),
                JobProgress.none());

        assertThat(documentsPerTask(rows)).hasSize(SLOTS).allMatch(n -> n == 10 || n == 11);
        assertThat(rows.select("id").distinct().count()).isEqualTo(43);
    }

    @Test
    void spreadsWhatALimitLeaves() {
        Dataset<Row> rows = DocumentSpread.balanced(documents(1000, 8).limit(12));

        assertThat(documentsPerTask(rows)).containsExactly(3L, 3L, 3L, 3L);
    }

    @Test
    void spreadsManySmallPartitionsEvenly() {
        Dataset<Row> rows = DocumentSpread.balanced(documents(40, 40));

        assertThat(documentsPerTask(rows)).hasSize(SLOTS).allSatisfy(n -> assertThat(n)
                .isBetween(7L, 13L));
    }

    @Test
    void startsNoTaskWithoutADocument() {
        assertThat(documentsPerTask(DocumentSpread.balanced(documents(3, 1)))).containsExactly(1L, 1L, 1L);
        assertThat(documentsPerTask(DocumentSpread.balanced(documents(0, 1)))).isEmpty();
    }

    @Test
    void neverShufflesABigInputThatFillsTheSlots() {
        assertThat(plan(DocumentSpread.balanced(documents(BIG, SLOTS)))).doesNotContain("Exchange");
        assertThat(plan(DocumentSpread.balanced(documents(BIG - 1, SLOTS)))).contains("Exchange");
    }

    @Test
    void shufflesABigInputThatLeavesSlotsEmpty() {
        assertThat(documentsPerTask(DocumentSpread.balanced(documents(BIG, SLOTS - 1))))
                .hasSize(16);
        assertThat(documentsPerTask(DocumentSpread.balanced(
                        documents(10 * BIG, 8).limit(BIG).select("id"))))
                .hasSize(16);
    }

    @Test
    void runsABigShuffledInputNoFurtherThanTheCountToSeeItsPartitions() {
        Dataset<Row> shuffled = documents(BIG, SLOTS).repartition(2, col("id"));

        List<Row> counted = new ArrayList<>();
        int jobsOfCount =
                jobs("count", () -> counted.addAll(shuffled.select(lit(1)).takeAsList(BIG)));
        assertThat(counted).hasSize(BIG);

        assertThat(jobs("spread", () -> DocumentSpread.balanced(shuffled))).isEqualTo(jobsOfCount);
        assertThat(documentsPerTask(DocumentSpread.balanced(shuffled))).hasSize(16);
    }

    @ParameterizedTest
    @CsvSource({
        // documents, slots, tasks
        "0, 4, 0",
        "1, 4, 1",
        "4, 4, 4",
        "43, 4, 4",
        "127, 4, 4",
        "128, 4, 8",
        "256, 4, 16",
        "5, 1000, 5",
        "1, 1, 1",
        "64, 1, 4",
    })
    void makesAsManyTasksAsThereAreSlotsAndMoreForManyDocuments(int documents, int slots, int tasks) {
        assertThat(DocumentSpread.tasks(documents, slots)).isEqualTo(tasks);
    }

    @Test
    void leavesTheInputAloneWhereAskedTo() {
        TaskOptions<SummarizerOptions> options = new TaskOptions<>(
                ModelReference.embedded(),
                DocumentColumns.standard(),
                SummarizerOptions.of(Map.of()),
                ErrorPolicy.PERMISSIVE,
                InputPartitioning.AS_GIVEN);

        Dataset<Row> rows = DocumentTransformation.SUMMARIZE.apply(
                documents(43, 1), options, new FakeSummarizer.Loader("as given", 1), JobProgress.none());

        assertThat(documentsPerTask(rows)).containsExactly(43L);
    }

    private static Dataset<Row> documents(int count, int partitions) {
        return spark.range(0, count, 1, partitions).toDF("id").withColumn("text", lit("x"));
    }

    private static List<Long> documentsPerTask(Dataset<Row> rows) {
        return rows
                .withColumn("task", spark_partition_id())
                .groupBy("task")
                .count()
                .select(col("count"))
                .collectAsList()
                .stream()
                .map(row -> row.getLong(0))
                .toList();
    }

    private static int jobs(String group, Runnable action) {
        spark.sparkContext().setJobGroup(group, group, /* interruptOnCancel */ false);
        try {
            action.run();
        } finally {
            spark.sparkContext().clearJobGroup();
        }
        return spark.sparkContext().statusTracker().getJobIdsForGroup(group).length;
    }

    private static String plan(Dataset<Row> rows) {
        return rows.queryExecution().executedPlan().toString();
    }
}
