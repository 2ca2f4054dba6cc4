package io.github.longwing.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes the body of an answer when nothing has come for too long, which ends a read that would wait forever. */
final class SilenceGuard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SilenceGuard.class);
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "longwing-hub-silence");
        thread.setDaemon(true);
        return thread;
    });

    private final InputStream body;
    private final long longestNanos;
    private final ScheduledFuture<?> check;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean silent;

    private SilenceGuard(InputStream body, Duration longest) {
        this.body = body;
        this.longestNanos = longest.toNanos();
        long period = Math.max(1, longestNanos / 4);
        this.check = CLOCK.scheduleWithFixedDelay(this::check, period, period, TimeUnit.NANOSECONDS);
    }

    static SilenceGuard watch(InputStream body, Duration longest) {
        return new SilenceGuard(body, longest);
    }

    void heard() {
        heardAt = System.nanoTime();
    }

    boolean isSilent() {
        return silent;
    }

    @Override
    public void close() {
        check.cancel(false);
    }

    private void check() {
        if (System.nanoTime() - heardAt > longestNanos) {
            silent = true;
            check.cancel(false);
            try {
                body.close();
            } catch (IOException e) {
                LOG.debug("Closed a silent connection", e);
            }
        }
    }
}
