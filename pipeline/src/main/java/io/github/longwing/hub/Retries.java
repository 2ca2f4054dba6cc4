package io.github.longwing.hub;

import java.io.InterruptedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the failures in a row of one request and waits longer after each. For one thread. */
final class Retries {
    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
    private static final int MAX_FAILURES = 6;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private final Duration initialPause;
    private int failures;

    Retries(Duration initialPause) {
        this.initialPause = initialPause;
    }

    /** Resets the count of failures, since the request has made progress. */
    void progressed() {
        failures = 0;
    }

    /** Waits before the next attempt, or throws the failure if there were too many. */
    void pauseAfter(TransientFailure failure) throws TransientFailure, InterruptedIOException {
        failures++;
        if (failures >= MAX_FAILURES) {
            throw failure;
        }
        Duration doubled = initialPause.multipliedBy(1L << (failures - 1));
        Duration asked = failure.retryAfter().orElse(doubled);
        Duration pause = asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
        LOG.warn("{}; trying again in {} s", failure.getMessage(), pause.toMillis() / 1000.0);
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting to try again");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
