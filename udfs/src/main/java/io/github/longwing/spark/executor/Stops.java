package io.github.longwing.spark.executor;

import io.github.longwing.spark.options.StopSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the tasks of a run to stop, and tells them that somebody asked. The files of all runs are looked at by one thread of
 * each JVM, every few seconds, as long as tasks ask. Thread-safe.
 */
public final class Stops {
    private static final long POLL_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(Stops.class);
    private static final Set<String> ASKED = ConcurrentHashMap.newKeySet();

    /** By run and file: an executor may live longer than a run, and a file may serve the next one. */
    private static final Map<StopSignal, Poll> POLLS = new ConcurrentHashMap<>();

    private static final ExecutorService POLLING = Executors.newSingleThreadExecutor(runnable -> {
        Thread thread = new Thread(runnable, "longwing-stop-poll");
        thread.setDaemon(true);
        return thread;
    });

    /** What is known of a marker file. */
    private static final class Poll {
        private final String file;
        private volatile boolean found;
        private boolean underWay; // guarded by this, as the next one
        private long last = System.nanoTime() - POLL_NANOS;

        Poll(String file) {
            this.file = file;
        }

        boolean isFound() {
            if (!found) {
                start();
            }
            return found;
        }

        private synchronized void start() {
            if (!underWay && System.nanoTime() - last >= POLL_NANOS) {
                underWay = true;
                POLLING.execute(this::look);
            }
        }

        private void look() {
            try {
                found = fileSystem(file).exists(new Path(file));
            } catch (IOException | RuntimeException e) { // storage may fail for a while; the next look may succeed
                LOG.warn("Cannot see whether {} is there", file, e);
            } finally {
                synchronized (this) {
                    underWay = false;
                    last = System.nanoTime();
                }
            }
        }
    }

    private Stops() {}

    /** Asks the tasks of a run to stop; returns once the marker file is written, if there is one. */
    public static void request(StopSignal signal) {
        if (signal.run() != null) {
            ASKED.add(signal.run());
        }
        if (signal.marker() != null) {
            try {
                fileSystem(signal.marker())
                        .create(new Path(signal.marker()), /* overwrite */ true)
                        .close();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "Cannot stop the tasks of other machines: cannot write " + signal.marker(), e);
            }
        }
    }

    /** Forgets that somebody asked, and removes the marker file; when no task of the run is left. */
    public static void forget(StopSignal signal) {
        if (signal.run() != null) {
            ASKED.remove(signal.run());
        }
        if (signal.marker() != null) {
            POLLS.remove(signal);
            try {
                fileSystem(signal.marker()).delete(new Path(signal.marker()), /* recursive */ false);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot remove " + signal.marker(), e);
            }
        }
    }

    /** Whether tasks take no further documents; returns at once. */
    public static boolean isSet(StopSignal signal) {
        return isSet(signal, Clock.systemUTC());
    }

    static boolean isSet(StopSignal signal, Clock clock) {
        return (signal.run() != null && ASKED.contains(signal.run()))
                || (signal.deadline() != null && !clock.instant().isBefore(signal.deadline()))
                || (signal.marker() != null
                        && POLLS.computeIfAbsent(signal, s -> new Poll(s.marker()))
                                .isFound());
    }

    private static FileSystem fileSystem(String file) throws IOException {
        return new Path(file).getFileSystem(SparkHadoopUtil.get().conf());
    }
}
