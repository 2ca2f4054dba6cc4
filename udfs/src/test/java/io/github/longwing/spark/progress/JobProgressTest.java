package io.github.longwing.spark.progress;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.FakeSummarizer;
import io.github.longwing.spark.TestSessions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JobProgressTest {
    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        spark = TestSessions.start("local[2,2]"); // every task may fail once
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void countsADocumentOnceThoughItsTaskRanTwice() {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("retried", 1);
        try (JobProgress progress = JobProgress.registered(spark.sparkContext())) {
            Dataset<Row> summaries = summarize(documents(10, "x"), loader, progress);
            MapPartitionsFunction<Row, Row> failsAtFirst = JobProgressTest::failAfterFiveRowsAtFirst;

            summaries
                    .mapPartitions(failsAtFirst, Encoders.row(summaries.schema()))
                    .collectAsList();

            assertThat(loader.journal().submitted).hasSizeGreaterThan(20);
            assertThat(progress.finished()).isEqualTo(new JobTotals(20, 0, 40, 200));
        }
    }

    @Test
    void seesRunningTasksThroughTheirHeartbeats() throws Exception {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("running", 1);
        Dataset<Row> documents = documents(10, "x")
                .withColumn("text", when(col("id").mod(10).lt(3), "x").otherwise("hang"));
        ExecutorService driver = Executors.newSingleThreadExecutor();
        try (JobProgress progress = JobProgress.registered(spark.sparkContext())) {
            Future<?> action = driver.submit(() -> {
                spark.sparkContext().setJobGroup("running", "a job to look at", /* interruptOnCancel */ false);
                summarize(documents, loader, progress).collectAsList();
            });

            await(progress, new JobTotals(6, 0, 12, 60));
            assertThat(progress.finished()).isEqualTo(JobTotals.NONE);
            assertThat(awaitOldest(progress, Set.of("3", "13"))).satisfies(oldest -> {
                assertThat(oldest.stage()).isEqualTo("working");
                assertThat(oldest.age()).isPositive();
            });

            spark.sparkContext().cancelJobGroup("running");
            await(progress, JobTotals.NONE);
            assertThat(progress.oldest()).isEmpty();
            assertThat(action).failsWithin(120, TimeUnit.SECONDS);
        } finally {
            spark.sparkContext().cancelJobGroup("running"); // also where the test fails: its tasks would never end
            driver.shutdownNow();
        }
    }

    @Test
    void countsNothingWithoutAContext() {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("no context", 1);

        assertThat(summarize(documents(10, "x"), loader, JobProgress.none()).collectAsList())
                .hasSize(20);

        assertThat(JobProgress.none().soFar()).isEqualTo(new JobTotals(0, 0, 0, 0));
    }

    private static Iterator<Row> failAfterFiveRowsAtFirst(Iterator<Row> rows) {
        int attempt = TaskContext.get().attemptNumber();
        return new Iterator<>() {
            private int seen;

            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                if (attempt == 0 && seen++ == 5) {
                    throw new IllegalStateException("the first attempt ends here");
                }
                return rows.next();
            }
        };
    }

    private static void await(JobProgress progress, JobTotals expected) throws InterruptedException {
        for (int turn = 0; turn < 12_000 && !progress.soFar().equals(expected); turn++) {
            Thread.sleep(10);
        }
        assertThat(progress.soFar()).isEqualTo(expected);
    }

    /** A task shows its oldest document twice a second, so that one of those that are finished may be shown before. */
    private static InFlight awaitOldest(JobProgress progress, Set<String> expected) throws InterruptedException {
        Optional<InFlight> oldest = progress.oldest();
        for (int turn = 0;
                turn < 12_000 && oldest.filter(o -> expected.contains(o.id())).isEmpty();
                turn++) {
            Thread.sleep(10);
            oldest = progress.oldest();
        }
        assertThat(oldest).as("the first that hangs").hasValueSatisfying(o -> assertThat(o.id())
                .isIn(expected));
        return oldest.orElseThrow();
    }

    private static Dataset<Row> documents(int perPartition, String text) {
        return spark.range(0, 2L * perPartition, 1, 2).toDF("id").withColumn("text", lit(text));
    }

    private static Dataset<Row> summarize(Dataset<Row> documents, FakeSummarizer.Loader loader, JobProgress progress) {
        TaskOptions<SummarizerOptions> options = new TaskOptions<>(
                ModelReference.embedded(),
                DocumentColumns.standard(),
                SummarizerOptions.of(Map.of()),
                ErrorPolicy.PERMISSIVE,
                InputPartitioning.AS_GIVEN);
        return DocumentTransformation.SUMMARIZE.apply(documents, options, loader, progress);
    }
}
