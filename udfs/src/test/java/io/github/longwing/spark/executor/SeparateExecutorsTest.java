package io.github.longwing.spark.executor;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.AttentionType;
import io.github.longwing.error.UserException;
import io.github.longwing.generation.FinishReason;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.TestSessions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.progress.JobTotals;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standalone cluster on this machine: a master, two workers, and on each an executor in a JVM of its own with two task
 * threads. It needs no Spark installation: told that it is under test, Spark starts its executors from the class path
 * of this JVM.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeparateExecutorsTest {
    @TempDir
    private static Path directory;

    private static SparkSession spark;

    /** Leaves a file for each load and each close, named after the JVM. */
    private record FileLoader(String directory) implements TaskLoader<Summaries> {
        @Override
        public DocumentTask<Summaries> load(ThreadBudget threads) {
            pause(500); // for all tasks of the JVM to come and ask
            note(directory, "load-" + threads.concurrentTasks());
            return new FileTask(directory);
        }
    }

    private record FileTask(String directory) implements DocumentTask<Summaries> {
        @Override
        public String model() {
            return String.valueOf(ProcessHandle.current().pid());
        }

        @Override
        public CompletableFuture<DocumentResult<Summaries>> submit(Document document) {
            pause(10); // for all executors to get some of the tasks
            GeneratedText text = new GeneratedText(document.text(), OptionalDouble.empty(), 2, FinishReason.EOS);
            return CompletableFuture.completedFuture(new DocumentResult.Success<>(
                    3,
                    DocumentResult.Truncation.WHOLE,
                    1,
                    AttentionType.BLOCK_SPARSE,
                    new Summaries(List.of(text), 1, List.of())));
        }

        @Override
        public void close() {
            note(directory, "close");
        }
    }

    private record MissingModel() implements TaskLoader<Summaries> {
        @Override
        public DocumentTask<Summaries> load(ThreadBudget threads) {
            throw new UserException("Cannot load the model: /nowhere is missing, expected a model directory");
        }
    }

    @BeforeAll
    static void startSpark() {
        System.setProperty("spark.testing", "1");
        System.setProperty("spark.test.home", directory.toString());
        spark = TestSessions.builder("local-cluster[2,2,1024]")
                .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
                .config(
                        "spark.executorEnv.LONGWING_CACHE",
                        directory.resolve("cache").toString())
                .config("spark.executor.memory", "512m")
                .config("spark.executor.heartbeatInterval", "10s") // also how long an executor waits for the driver
                .config("spark.locality.wait", "0s")
                .getOrCreate();
        // on a slow machine the first executor would have done everything before the second is there
        int all = 3; // the driver among them
        for (int turn = 0;
                turn < 1200 && spark.sparkContext().getExecutorMemoryStatus().size() < all;
                turn++) {
            pause(100);
        }
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
        System.clearProperty("spark.testing");
        System.clearProperty("spark.test.home");
    }

    @Test
    @Order(1)
    void loadsOneModelInEachExecutorAndCountsOverAllOfThem() throws IOException {
        try (JobProgress progress = JobProgress.registered(spark.sparkContext())) {
            List<String> models = summarize(documents(80, 16), new FileLoader(directory.toString()), progress)
                    .select("model")
                    .distinct()
                    .as(Encoders.STRING())
                    .collectAsList();

            assertThat(models)
                    .hasSize(2)
                    .doesNotContain(String.valueOf(ProcessHandle.current().pid()));
            int tasks = Math.min(2, Runtime.getRuntime().availableProcessors());
            assertThat(notes("load-"))
                    .containsExactlyInAnyOrderElementsOf(models.stream()
                            .map(pid -> "load-" + tasks + "-" + pid)
                            .toList());
            assertThat(progress.finished()).isEqualTo(new JobTotals(80, 0, 240, 160));
        }
    }

    @Test
    @Order(2)
    void tellsTheDriverWhatTheUserCanMend() {
        assertThatThrownBy(() -> summarize(documents(2, 2), new MissingModel(), JobProgress.none())
                        .collectAsList())
                .hasRootCauseInstanceOf(UserException.class)
                .hasRootCauseMessage("Cannot load the model: /nowhere is missing, expected a model directory");
    }

    @Test
    @Order(3)
    void importsTheModelOnceForAllExecutorsOfAHost() throws IOException {
        TaskOptions<SummarizerOptions> options = new TaskOptions<>(
                ModelReference.embedded(),
                DocumentColumns.standard(),
                SummarizerOptions.of(
                        Map.of("num_beams", "1", "min_length", "0", "max_new_tokens", "4", "extractive", "false")),
                ErrorPolicy.FAILFAST,
                InputPartitioning.AS_GIVEN);

        List<Row> rows = DocumentTransformation.SUMMARIZE
                .apply(documents(8, 8), options, JobProgress.none())
                .collectAsList();

        assertThat(rows).hasSize(8).allSatisfy(row -> assertThat(row.<String>getAs("model"))
                .startsWith("sentence-summarizer@"));
        try (Stream<Path> imported = Files.list(directory.resolve("cache/models"))) {
            assertThat(imported).hasSize(1);
        }
    }

    @Test
    @Order(4)
    void closesTheModelsWithTheExecutors() throws IOException {
        assertThat(notes("close-")).isEmpty();

        spark.stop();

        for (int turn = 0; turn < 1200 && notes("close-").size() < 2; turn++) {
            pause(100);
        }
        assertThat(notes("close-")).hasSize(2);
    }

    private static void note(String directory, String event) {
        try {
            // fails where the same JVM notes the same event twice
            Files.createFile(
                    Path.of(directory, event + "-" + ProcessHandle.current().pid()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> notes(String event) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(event))
                    .toList();
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Dataset<Row> documents(int count, int partitions) {
        return spark.range(0, count, 1, partitions).toDF("id").withColumn("text", lit("x"));
    }

    private static Dataset<Row> summarize(Dataset<Row> documents, TaskLoader<Summaries> loader, JobProgress progress) {
        TaskOptions<SummarizerOptions> options = new TaskOptions<>(
                ModelReference.embedded(),
                DocumentColumns.standard(),
                SummarizerOptions.of(Map.of()),
                ErrorPolicy.PERMISSIVE,
                InputPartitioning.AS_GIVEN);
        return DocumentTransformation.SUMMARIZE.apply(documents, options, loader, progress);
    }
}
