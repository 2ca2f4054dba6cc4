package io.github.longwing.spark.executor;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.FakeSummarizer;
import io.github.longwing.spark.TestSessions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a cancelled job leaves behind: nothing, soon, wherever its tasks were. What they wait for would never end. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KilledTasksTest {
    private static final long MAX_MILLIS = 120_000;
    private static final Queue<String> ENDS = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger LOADS_STARTED = new AtomicInteger();
    private static final AtomicInteger LOADS_INTERRUPTED = new AtomicInteger();
    private static final AtomicInteger CONSUMERS_AT_WORK = new AtomicInteger();

    private static SparkSession spark;

    /** Whether Spark interrupts the threads of the tasks that it kills; it does not unless asked to. */
    enum Kill {
        MARKS_ONLY,
        INTERRUPTS
    }

    /** The end of the loads that are endless for the tasks. */
    private static volatile CountDownLatch endOfLoads = new CountDownLatch(1);

    /** A model that does not get ready while anyone waits for it. */
    private record EndlessLoader(String name) implements TaskLoader<Summaries> {
        @Override
        public DocumentTask<Summaries> load(ThreadBudget threads) {
            LOADS_STARTED.incrementAndGet();
            try {
                endOfLoads.await();
            } catch (InterruptedException e) {
                LOADS_INTERRUPTED.incrementAndGet();
            }
            throw new IllegalStateException("nobody waits any more");
        }
    }

    @BeforeAll
    static void startSpark() {
        spark = TestSessions.start("local[2]");
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                ENDS.add(end.reason().toString());
            }
        });
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @ParameterizedTest
    @EnumSource
    void cancelsTheRunsOfTasksThatWaitForThem(Kill kill) throws Exception {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("waiting " + kill, 1);
        Dataset<Row> documents = documents().withColumn("text", lit("hang"));

        cancelOnce(
                kill,
                summarize(documents, loader),
                () -> loader.journal().submitted.size() == 2 * DocumentRows.LOOK_AHEAD);

        assertThat(loader.journal().cancelled).hasSize(2 * DocumentRows.LOOK_AHEAD);
    }

    @ParameterizedTest
    @EnumSource
    void cancelsTheRunsOfTasksThatWaitToSubmitMore(Kill kill) throws Exception {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("submitting " + kill, 1);
        loader.journal().places.drainPermits();
        loader.journal().places.release(3);
        Dataset<Row> documents = documents().withColumn("text", lit("hang"));

        // both tasks are in their next submission, and three documents are under way
        cancelOnce(
                kill,
                summarize(documents, loader),
                () -> loader.journal().submitted.size() == 5);

        assertThat(loader.journal().cancelled).hasSizeGreaterThanOrEqualTo(3);
        assertThat(loader.journal().places.availablePermits()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void endsTasksThatWaitForTheModelAndLeavesTheLoadToOthers(Kill kill) throws Exception {
        LOADS_STARTED.set(0);
        endOfLoads = new CountDownLatch(1);

        cancelOnce(kill, summarize(documents(), new EndlessLoader("loading " + kill)), () -> LOADS_STARTED.get() == 1);

        assertThat(LOADS_INTERRUPTED).hasValue(0);
        endOfLoads.countDown();
    }

    @ParameterizedTest
    @EnumSource
    void cancelsTheRunsOfTasksThatAreBusyElsewhere(Kill kill) throws Exception {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("busy " + kill, 1);
        Dataset<Row> documents =
                documents().withColumn("text", when(col("id").isin(0, 50), "x").otherwise("hang"));
        Dataset<Row> summaries = summarize(documents, loader);
        CONSUMERS_AT_WORK.set(0);
        int pending = 2 * (DocumentRows.LOOK_AHEAD - 1);
        MapPartitionsFunction<Row, Row> untilCancelled = rows -> busyUntil(rows, loader, pending);

        cancelOnce(
                kill,
                summaries.mapPartitions(untilCancelled, Encoders.row(summaries.schema())),
                () -> CONSUMERS_AT_WORK.get() == 2);

        assertThat(loader.journal().cancelled).hasSize(pending);
    }

    @Test
    void runsTheNextJobAsIfNothingHadHappened() throws Exception {
        FakeSummarizer.Loader loader = new FakeSummarizer.Loader("next job", 1);
        cancelOnce(
                Kill.INTERRUPTS,
                summarize(documents().withColumn("text", lit("hang")), loader),
                () -> loader.journal().submitted.size() == 2 * DocumentRows.LOOK_AHEAD);

        assertThat(summarize(documents(), loader).collectAsList()).hasSize(100);
        assertThat(loader.journal().loads).as("the model outlives the tasks").hasSize(1);
        assertThat(loader.journal().closed).isEmpty();
    }

    /** A consumer that pays no heed to Spark, like a writer in a long call. */
    private static Iterator<Row> busyUntil(Iterator<Row> rows, FakeSummarizer.Loader loader, int cancelled) {
        rows.next();
        CONSUMERS_AT_WORK.incrementAndGet();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * MAX_MILLIS);
        while (loader.journal().cancelled.size() < cancelled && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return rows;
    }

    /** Runs a job on two tasks, cancels it when it is ready, and demands that its tasks end in time. */
    private static void cancelOnce(Kill kill, Dataset<Row> job, BooleanSupplier ready) throws Exception {
        ENDS.clear();
        ExecutorService driver = Executors.newSingleThreadExecutor();
        try {
            Future<?> action = driver.submit(() -> {
                spark.sparkContext().setJobGroup("killed", "a job to cancel", kill == Kill.INTERRUPTS);
                job.collectAsList();
            });
            await(ready, MAX_MILLIS, action);
            spark.sparkContext().cancelJobGroup("killed");
            await(() -> ENDS.size() == 2, MAX_MILLIS, action);

            assertThat(ENDS).allSatisfy(reason -> assertThat(reason).contains("TaskKilled"));
            assertThatThrownBy(action::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("cancelled");
        } finally {
            spark.sparkContext().cancelJobGroup("killed"); // also where the test fails: its tasks would never end
            driver.shutdownNow();
        }
    }

    private static void await(BooleanSupplier condition, long mostMillis, Future<?> action) throws Exception {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                    .as("milliseconds until the tasks are there, ended %s, job %s", ENDS, action)
                    .isLessThan(mostMillis);
            Thread.sleep(5);
        }
    }

    private static Dataset<Row> documents() {
        return spark.range(0, 100, 1, 2).toDF("id").withColumn("text", lit("x"));
    }

    private static Dataset<Row> summarize(Dataset<Row> documents, TaskLoader<Summaries> loader) {
        TaskOptions<SummarizerOptions> options = new TaskOptions<>(
                ModelReference.embedded(),
                DocumentColumns.standard(),
                SummarizerOptions.of(Map.of()),
                ErrorPolicy.PERMISSIVE,
                InputPartitioning.AS_GIVEN);
        return DocumentTransformation.SUMMARIZE.apply(documents, options, loader, JobProgress.none());
    }
}
