package io.github.longwing.jobs.run;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.JobFailure;
import io.github.longwing.jobs.console.ProgressDisplay;
import io.github.longwing.jobs.options.ErrorLimit;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.spark.progress.JobTotals;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a job once a second on a thread of its own until it is closed: shows progress, cancels the job when too many
 * documents have failed, and stops it when its time is over.
 */
final class JobWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);

    private final JobProgress progress;
    private final ProgressDisplay display;
    private final ErrorLimit limit;
    private final RowUnit unit;
    private final Optional<Duration> stopAfter;
    private final Runnable cancellation;
    private final Runnable stop;
    private final long start = System.nanoTime();
    private volatile String abortReason;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "longwing-progress");
        thread.setDaemon(true);
        return thread;
    });

    private JobWatch(
            JobProgress progress,
            ProgressDisplay display,
            ErrorLimit limit,
            Optional<Duration> stopAfter,
            RowUnit unit,
            Runnable cancellation,
            Runnable stop) {
        this.stopAfter = stopAfter;
        this.stop = stop;
        this.progress = progress;
        this.display = display;
        this.limit = limit;
        this.unit = unit;
        this.cancellation = cancellation;
    }

    static JobWatch start(
            JobProgress progress,
            ProgressDisplay display,
            ErrorLimit limit,
            Optional<Duration> stopAfter,
            RowUnit unit,
            Runnable cancellation,
            Runnable stop) {
        JobWatch watch = new JobWatch(progress, display, limit, stopAfter, unit, cancellation, stop);
        Future<?> unused = watch.timer.scheduleAtFixedRate(watch::poll, 1, 1, TimeUnit.SECONDS);
        return watch;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Why the job was cancelled, if it was. */
    Optional<String> abortReason() {
        return Optional.ofNullable(abortReason);
    }

    /**
     * What a failure of the job is to the user.
     *
     * @param standing how the output stands after it
     */
    RuntimeException failed(Exception failure, String standing) {
        if (failure instanceof UserException user) {
            return user;
        }
        String sentence = abortReason().orElseGet(() -> Failures.sentence(failure));
        return new JobFailure(sentence + "; " + standing, failure);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("The progress display does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        display.end();
    }

    private void poll() {
        try {
            JobTotals totals = progress.soFar();
            display.show(totals, progress.oldest(), elapsed());
            if (limit.isExceededSoFar(totals)) {
                abortReason = limit.sentence(totals, unit.noun());
                cancellation.run();
            } else if (stopAfter.filter(most -> elapsed().compareTo(most) >= 0).isPresent()) {
                stop.run();
            }
        } catch (RuntimeException e) { // a display that fails is no reason to fail the job
            LOG.warn("Cannot show progress", e);
        }
    }
}
