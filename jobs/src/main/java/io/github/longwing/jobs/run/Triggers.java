package io.github.longwing.jobs.run;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.JobFailure;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.input.InputMark;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks at an input again and again and passes over it when it has changed, until a signal or the clock ends that. A look
 * lists files, or asks a table for its version; it reads no documents, and says nothing where there is nothing new. For the
 * thread of the command.
 */
final class Triggers {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    /** A log that tells for how long nothing came is no longer for it. */
    private static final Duration BETWEEN_IDLE_LINES = Duration.ofHours(1);

    private final RunEnvironment environment;
    private final OpenJob job;
    private final Duration time;
    private final CountDownLatch woken = new CountDownLatch(1);
    private final long begun = System.nanoTime();

    /** How the input stood before the last pass; null before the first one. */
    private InputMark done;

    private String standing = "nothing was written";
    private LocalTime lastPass = now();
    private long lastLine = begun;

    Triggers(RunEnvironment environment, OpenJob job, Duration time) {
        this.environment = environment;
        this.job = job;
        this.time = time;
    }

    ExitStatus run() {
        job.prepare();
        environment.interruption().beginWriting(woken::countDown);
        try {
            return lookUntilStopped();
        } catch (Exception e) { // also SparkException, which Scala does not declare
            if (!environment.isInterrupted()) {
                throw e;
            }
            environment.group().end();
            return interrupted();
        }
    }

    private ExitStatus lookUntilStopped() {
        while (true) {
            long look = System.nanoTime();
            InputMark mark = mark();
            if (!mark.isEmpty() && !mark.equals(done)) {
                PassEnd end = job.pass(timeLeft());
                if (end.kind() == PassEnd.Kind.STOPPED) {
                    return end.status();
                }
                environment.interruption().beginWriting(woken::countDown);
                tellFirstWait();
                done = mark;
                standing = end.standing();
                lastPass = now();
                lastLine = System.nanoTime();
            } else {
                tellFirstWait();
                tellIdle();
            }
            await(look + time.toNanos());
            if (environment.isInterrupted()) {
                return interrupted();
            }
            if (timeLeft().filter(left -> left.isZero() || left.isNegative()).isPresent()) {
                environment.terminal().out().println("Stopped by --stop-after: " + standing);
                return ExitStatus.OK;
            }
        }
    }

    private InputMark mark() {
        return job.mark().orElseThrow(() -> done == null ? untold() : lost());
    }

    private JobFailure lost() {
        return new JobFailure("Cannot look at " + job.input().description()
                + " again: it does not tell its version any more, as if the table or its catalog were out of reach; "
                + standing);
    }

    private UserException untold() {
        return new UserException("Cannot use --trigger with " + job.input().description()
                + ": Spark does not tell whether it has changed, so that each look would read all of it, expected files,"
                + " or a table of Delta or Iceberg; leave --trigger out and start the command when there is something"
                + " new");
    }

    /** Until this time, the end of all, or a signal. */
    private void await(long nextLook) {
        long nanos = nextLook - System.nanoTime();
        long most = timeLeft().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        try {
            var unused = woken.await(Math.min(nanos, most), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("Cannot go on: the thread of the stream was interrupted; " + standing, e);
        }
    }

    private Optional<Duration> timeLeft() {
        return environment.options().stopAfter().map(all -> all.minusNanos(System.nanoTime() - begun));
    }

    private ExitStatus interrupted() {
        environment.terminal().err().println("Interrupted: " + standing);
        return ExitStatus.FAILED;
    }

    private void tellFirstWait() {
        if (done == null && lastLine == begun) {
            lastLine = System.nanoTime();
            environment.say(
                    "Looking for something new in " + job.input().description() + " every " + ProgressLine.time(time));
        }
    }

    private void tellIdle() {
        if (System.nanoTime() - lastLine >= BETWEEN_IDLE_LINES.toNanos()) {
            lastLine = System.nanoTime();
            environment.say(CLOCK.format(now()) + " nothing new since " + CLOCK.format(lastPass));
        }
    }

    private static LocalTime now() {
        return LocalTime.now(ZoneId.systemDefault());
    }
}
