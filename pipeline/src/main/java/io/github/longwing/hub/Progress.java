package io.github.longwing.hub;

import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs every ten seconds how far a download is. For one thread. */
final class Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final long PERIOD_NANOS = 10_000_000_000L;
    private static final long MEGABYTE = 1_000_000;

    private final String what;
    private final OptionalLong size;
    private final long begin;
    private final long startedAt = System.nanoTime();
    private long toldAt = startedAt;

    Progress(String what, OptionalLong size, long begin) {
        this.what = what;
        this.size = size;
        this.begin = begin;
    }

    void at(long position) {
        long now = System.nanoTime();
        if (now - toldAt > PERIOD_NANOS) {
            toldAt = now;
            double seconds = (now - startedAt) / 1e9;
            LOG.info(
                    "Fetching {}: {} of {} MB, {} MB/s",
                    what,
                    position / MEGABYTE,
                    size.isPresent() ? size.getAsLong() / MEGABYTE : "?",
                    Math.round((position - begin) / seconds / MEGABYTE));
        }
    }
}
