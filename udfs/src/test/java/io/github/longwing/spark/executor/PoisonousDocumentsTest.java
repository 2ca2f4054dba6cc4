package io.github.longwing.spark.executor;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.config.AttentionType;
import io.github.longwing.generation.FinishReason;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.TestSessions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.Isolation;
import io.github.longwing.spark.options.Isolation.Care;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Executors in JVMs of their own, and documents that end them: a job costs one error row for each, and survives. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PoisonousDocumentsTest {
    private static final int SIGABRT = 134;
    private static final int SIGKILL = 137;

    @TempDir
    private static Path directory;

    private static SparkSession spark;

    private record PoisonedLoader() implements TaskLoader<Summaries> {
        @Override
        public DocumentTask<Summaries> load(ThreadBudget threads) {
            return new PoisonedTask();
        }
    }

    private record PoisonedTask() implements DocumentTask<Summaries> {
        @Override
        public String model() {
            return "poisoned 01";
        }

        @Override
        public CompletableFuture<DocumentResult<Summaries>> submit(Document document) {
            switch (document.text()) {
                case "crash" -> Runtime.getRuntime().halt(SIGABRT);
                case "kill" -> Runtime.getRuntime().halt(SIGKILL);
                case "eat" -> eat();
                case "stuck" -> {
                    return new CompletableFuture<>() {
                        @Override
                        public boolean cancel(boolean mayInterruptIfRunning) {
                            return false;
                        }
                    };
                }
                default -> {}
            }
            GeneratedText text = new GeneratedText(document.text(), OptionalDouble.empty(), 2, FinishReason.EOS);
            return CompletableFuture.completedFuture(new DocumentResult.Success<>(
                    3,
                    DocumentResult.Truncation.WHOLE,
                    1,
                    AttentionType.BLOCK_SPARSE,
                    new Summaries(List.of(text), 1, List.of())));
        }

        private static void eat() {
            List<byte[]> eaten = new ArrayList<>();
            while (eaten.size() < Integer.MAX_VALUE) {
                eaten.add(new byte[1 << 30]); // more than there is, so that a busy machine needs no longer
            }
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    @BeforeAll
    static void startSpark() {
        System.setProperty("spark.testing", "1");
        System.setProperty("spark.test.home", directory.toString());
        spark = TestSessions.builder("local-cluster[2,1,1024]") // one task for each executor
                .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
                .config("spark.executor.memory", "512m")
                .config("spark.executor.heartbeatInterval", "10s")
                .config("spark.locality.wait", "0s")
                // an executor that ends for lack of memory may still take a task and refuse it
                .config("spark.task.maxFailures", 8)
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
        System.clearProperty("spark.testing");
        System.clearProperty("spark.test.home");
    }

    @Test
    void eachPoisonousDocumentCostsOneErrorRow() {
        String markers = directory.resolve("inflight").toString();
        Isolation isolation = new Isolation(Duration.ofSeconds(3), Duration.ofSeconds(3), Care.ON_RETRY, 0, markers);

        Map<Long, String> outcomes;
        ExecutorLosses losses = ExecutorLosses.watch(spark.sparkContext(), markers);
        try (losses) {
            outcomes = summarize(isolation).collectAsList().stream()
                    .collect(Collectors.toMap(row -> row.<Long>getAs("id"), PoisonousDocumentsTest::outcome));
        }

        Map<Long, String> expected =
                new TreeMap<>(LongStream.range(0, 40).boxed().collect(Collectors.toMap(id -> id, id -> "text " + id)));
        expected.putAll(Map.of(3L, "NativeCrash", 7L, "Killed", 12L, "Killed", 25L, "Timeout"));
        assertThat(new TreeMap<>(outcomes)).isEqualTo(expected);
        assertThat(Markers.all(markers)).extracting(Marker::id).containsExactlyInAnyOrder("3", "7", "12");
        Markers.clear(markers);
        assertThat(directory.resolve("inflight")).doesNotExist();
    }

    private static Dataset<Row> summarize(Isolation isolation) {
        // two poisonous documents in the first partition, one in the second and third, none in the last
        Dataset<Row> documents = spark.range(0, 40, 1, 4)
                .toDF("id")
                .withColumn(
                        "text",
                        when(col("id").equalTo(3), "crash")
                                .when(col("id").equalTo(7), "kill")
                                .when(col("id").equalTo(12), "eat")
                                .when(col("id").equalTo(25), "stuck")
                                .otherwise(concat(lit("text "), col("id"))));
        TaskOptions<SummarizerOptions> options = new TaskOptions<>(
                        ModelReference.embedded(),
                        DocumentColumns.standard(),
                        SummarizerOptions.of(Map.of()),
                        ErrorPolicy.PERMISSIVE,
                        InputPartitioning.AS_GIVEN)
                .isolated(isolation);
        return DocumentTransformation.SUMMARIZE.apply(documents, options, new PoisonedLoader(), JobProgress.none());
    }

    private static String outcome(Row row) {
        Row error = row.getAs("error");
        return error == null ? row.getAs("summary") : error.getString(0);
    }
}
