package io.github.longwing.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.spark.columns.RowFingerprint;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.executor.DocumentFunction;
import io.github.longwing.spark.executor.DocumentRows;
import io.github.longwing.spark.executor.ModelLoader;
import io.github.longwing.spark.executor.ThreadBudget;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.StopSignal;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.task.SummaryColumns;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StreamingTest {
    private static final AtomicInteger READ = new AtomicInteger();
    private static final AtomicInteger CONSUMED = new AtomicInteger();
    private static final AtomicInteger FURTHEST_AHEAD = new AtomicInteger();

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
    void readsAPartitionOnlyAFewDocumentsAheadOfItsConsumerAndKeepsTheOrder() {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("look-ahead", 1);
        int documents = 500;
        READ.set(0);
        CONSUMED.set(0);
        FURTHEST_AHEAD.set(0);
        Dataset<Row> input = numbered(documents, 1);
        Dataset<Row> counted = input.mapPartitions(
                (MapPartitionsFunction<Row, Row>) rows -> mapped(rows, row -> {
                    READ.incrementAndGet();
                    return row;
                }),
                Encoders.row(input.schema()));

        Dataset<Row> result = summarize(counted, loader);
        List<Row> rows = result.mapPartitions(
                        (MapPartitionsFunction<Row, Row>) summaries -> mapped(summaries, row -> {
                            FURTHEST_AHEAD.accumulateAndGet(READ.get() - CONSUMED.get(), Math::max);
                            CONSUMED.incrementAndGet();
                            return row;
                        }),
                        Encoders.row(result.schema()))
                .collectAsList();

        assertThat(rows)
                .extracting(row -> row.<Long>getAs("id"))
                .isEqualTo(IntStream.range(0, documents).mapToObj(i -> (long) i).toList());
        assertThat(FURTHEST_AHEAD).hasValue(DocumentRows.LOOK_AHEAD);
        assertThat(READ).hasValue(documents);
    }

    @Test
    void sharesOneModelAmongAllTasksOfAJobAndTheNext() {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("one for all", 1);

        summarize(numbered(40, 10), loader).collectAsList();
        summarize(numbered(40, 10), loader).collectAsList();

        assertThat(loader.journal().loads).containsExactly(ThreadBudget.of(coresOfTheTest(), 1));
        assertThat(loader.journal().submitted).hasSize(80);
    }

    @Test
    void sendsNothingButSettingsToTheExecutors() throws Exception {
        String words = IntStream.range(0, 200).mapToObj(i -> "[" + i + ", 7]").collect(Collectors.joining(", "));
        Map<String, String> generation = Map.of("bad_words_ids", "[" + words + "]", "num_beams", "4");
        ModelLoader<SummarizerOptions, Summaries> loader = new ModelLoader<>(
                SummaryColumns.TASK,
                new ModelReference("s3a://bucket/models/large", RandomBlocks.PAPER, Precision.FLOAT32),
                SummarizerOptions.of(generation));
        TaskColumns<Summaries> columns = SummaryColumns.of(SummarizerOptions.of(generation));
        DocumentFunction<?> function = new DocumentFunction<>(
                loader,
                columns,
                new RowFingerprint("summarize"),
                ErrorPolicy.PERMISSIVE,
                Isolation.none(),
                StopSignal.none(),
                JobProgress.registered(spark.sparkContext()));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(function);
        }

        assertThat(bytes.size()).isLessThan(16 << 10);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            DocumentFunction<?> arrived = (DocumentFunction<?>) in.readObject();
            assertThat(arrived.loader())
                    .as("the key of the model")
                    .isEqualTo(loader)
                    .hasSameHashCodeAs(loader);
            assertThat(arrived.columns()).isEqualTo(columns);
        }
    }

    @Test
    void leavesWhatIsPendingWhenTheConsumerHasEnough() {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("enough", 1);
        Dataset<Row> documents = numbered(20, 1)
                .withColumn(
                        "text",
                        org.apache
                                .spark
                                .sql
                                .functions
                                .when(col("id").equalTo(0), "x")
                                .otherwise("hang"));

        assertThat(summarize(documents, loader).takeAsList(1)).hasSize(1);

        assertThat(loader.journal().cancelled)
                .hasSameElementsAs(IntStream.range(1, DocumentRows.LOOK_AHEAD)
                        .mapToObj(String::valueOf)
                        .toList());
    }

    @Test
    void cancelsWhatIsPendingWhenTheTaskFails() {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("failing task", 1);
        Dataset<Row> documents = numbered(4, 1)
                .withColumn(
                        "text",
                        org.apache
                                .spark
                                .sql
                                .functions
                                .when(col("id").equalTo(0), "bug")
                                .otherwise("hang"));

        assertThatThrownBy(() -> summarize(documents, loader).collectAsList())
                .hasRootCauseMessage("a bug in the runtime");

        assertThat(loader.journal().cancelled).containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void runsOnAStreamOfDocuments(@TempDir Path directory) throws Exception {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("stream", 1);
        Path input = Files.createDirectory(directory.resolve("input"));
        Files.writeString(
                input.resolve("a.json"), "{\"id\": \"a\", \"text\": \"one\"}\n{\"id\": \"b\", \"text\": \"two\"}\n");
        Dataset<Row> stream =
                spark.readStream().schema("id STRING, text STRING").json(input.toString());
        TaskOptions<SummarizerOptions> balanced =
                TaskOptions.of(ModelReference.embedded(), DocumentColumns.standard(), SummarizerOptions.of(Map.of()));

        StreamingQuery query = DocumentTransformation.SUMMARIZE
                .apply(stream, balanced, loader, JobProgress.none())
                .writeStream()
                .format("memory")
                .queryName("summaries")
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();

        assertThat(spark.table("summaries")
                        .select("id", "summary")
                        .orderBy("id")
                        .collectAsList())
                .containsExactly(RowFactory.create("a", "ONE"), RowFactory.create("b", "TWO"));
    }

    private static Dataset<Row> summarize(Dataset<Row> documents, FakeSummarizer.Loader loader) {
        TaskOptions<SummarizerOptions> options = new TaskOptions<>(
                ModelReference.embedded(),
                DocumentColumns.standard(),
                SummarizerOptions.of(Map.of()),
                ErrorPolicy.PERMISSIVE,
                InputPartitioning.AS_GIVEN);
        return DocumentTransformation.SUMMARIZE.apply(documents, options, loader, JobProgress.none());
    }

    private static Dataset<Row> numbered(int documents, int partitions) {
        return spark.range(0, documents, 1, partitions).toDF("id").withColumn("text", concat(lit("text "), col("id")));
    }

    private static int coresOfTheTest() {
        return Math.min(2, Runtime.getRuntime().availableProcessors());
    }

    private interface RowMap {
        Row apply(Row row);
    }

    private static Iterator<Row> mapped(Iterator<Row> rows, RowMap map) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                return map.apply(rows.next());
            }
        };
    }
}
