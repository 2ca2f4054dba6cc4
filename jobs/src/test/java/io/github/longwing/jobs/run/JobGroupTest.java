package io.github.longwing.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.jobs.TestCommands;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 15, unit = TimeUnit.MINUTES)
class JobGroupTest {
    private static final CountDownLatch RUNS = new CountDownLatch(1);
    private static volatile boolean ended;

    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @Test
    void endsOnlyWhenTheTasksHaveReallyEnded() throws Exception {
        MapFunction<Long, Long> untilKilled = id -> {
            TaskContext task = TaskContext.get();
            task.addTaskCompletionListener(c -> {
                pause(500); // as a task that closes its output; the job has failed long ago
                ended = true;
            });
            RUNS.countDown();
            while (!task.isInterrupted()) {
                pause(1);
            }
            throw new IllegalStateException("killed");
        };
        Dataset<Long> numbers = spark.range(0, 1, 1, 1).map(untilKilled, Encoders.LONG());
        ExecutorService driver = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> group = driver.submit(() -> {
                try (JobGroup jobs = JobGroup.open(Optional.of(spark.sparkContext()))) {
                    Future<?> unused = Executors.newSingleThreadExecutor().submit(() -> {
                        RUNS.await();
                        jobs.cancel();
                        return null;
                    });
                    assertThatThrownBy(numbers::collectAsList).hasMessageContaining("cancelled");
                    return jobs.end() && ended;
                }
            });
            assertThat(group.get()).as("ended when the group had").isTrue();
        } finally {
            driver.shutdownNow();
        }
    }

    @Test
    void failsTheJobsThatComeAfterItsCancellation() throws InterruptedException, ExecutionException {
        ExecutorService driver = Executors.newSingleThreadExecutor();
        try {
            driver.submit(() -> {
                        try (JobGroup jobs = JobGroup.open(Optional.of(spark.sparkContext()))) {
                            jobs.cancel();
                            assertThatThrownBy(() -> spark.range(9).count()).hasMessageContaining("cancelled");
                            assertThat(jobs.end()).isTrue();
                        }
                        assertThat(spark.range(9).count())
                                .as("outside of the group")
                                .isEqualTo(9);
                    })
                    .get();
        } finally {
            driver.shutdownNow();
        }
    }

    @Test
    void isOverAtOnceWhereThereIsNoContext() {
        try (JobGroup jobs = JobGroup.open(Optional.empty())) {
            assertThat(jobs.isRunning()).isFalse();
            assertThat(jobs.end()).isTrue();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
