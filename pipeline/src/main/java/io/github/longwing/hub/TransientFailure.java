package io.github.longwing.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A request that failed in a way that a retry may solve: a cut connection, a busy or broken server. */
final class TransientFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> retryAfter;

    TransientFailure(String message, Throwable cause) {
        super(message, cause);
        this.retryAfter = Optional.empty();
    }

    /** @param retryAfter what the server asks to wait */
    TransientFailure(String message, Optional<Duration> retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
