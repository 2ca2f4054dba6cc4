package io.github.longwing.spark.executor;

import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.task.DocumentError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The markers of documents that run alone, in a directory that all executors share: {@code <hash>} while a document runs,
 * beside it {@code <hash>.beat}, renewed while its task lives, and {@code <hash>.cause}, if the process could still tell
 * what went wrong. A process may be killed for reasons of its own: where nothing says that the document ended it, the document
 * runs alone once more, and only the second such death counts against it. Its marker stays then, so that it is not run again,
 * until {@link #clear}.
 *
 * <p>Stateless but for the thread of the beats; thread-safe.
 */
public final class Markers {
    private static final Duration BEAT = Duration.ofSeconds(5);

    /** A living task has renewed its beat within this time. */
    private static final Duration MAX_SILENCE = Duration.ofSeconds(20);

    /** How long the driver may take to write why an executor ended. */
    private static final Duration MAX_WAIT_FOR_REASON = Duration.ofSeconds(5);

    /** Of deaths for which nothing says that the document was the cause. */
    private static final int DEATHS_THAT_COUNT = 2;

    private static final int HASH_LENGTH = 32;
    private static final Pattern MARKER = Pattern.compile("[0-9a-f]{" + HASH_LENGTH + "}");
    private static final Pattern OURS =
            Pattern.compile("[0-9a-f]{" + HASH_LENGTH + "}(\\.beat|\\.cause)?|" + ExecutorLosses.PREFIX + ".*");
    private static final String TOO_MUCH_MEMORY =
            "OOMKilled|OutOfMemoryError|memory (limits?|overhead)|physical memory";
    private static final Pattern OF_MEMORY = reasons("137|52", "SIGKILL|OOM|" + TOO_MUCH_MEMORY);

    /** Of an end that no other program brings about: a fault of native code, or more memory than the process may have. */
    private static final Pattern OF_ITSELF =
            reasons("132|134|135|136|139|52", "SIGILL|SIGABRT|SIGBUS|SIGFPE|SIGSEGV|" + TOO_MUCH_MEMORY);

    private static final Logger LOG = LoggerFactory.getLogger(Markers.class);
    private static final ScheduledExecutorService BEATS = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "longwing-markers");
        thread.setDaemon(true);
        return thread;
    });

    private final String directory;
    private final Duration maxSilence;

    Markers(String directory) {
        this(directory, MAX_SILENCE);
    }

    Markers(String directory, Duration maxSilence) {
        this.directory = directory;
        this.maxSilence = maxSilence;
    }

    /**
     * What became of a document when it was run before.
     *
     * @param deaths processes that ended while they ran it alone, which may have been chance
     * @param error what it ended in; empty if it may be run
     */
    record Earlier(int deaths, Optional<DocumentError> error) {
        static final Earlier NONE = new Earlier(0, Optional.empty());
    }

    /** A marker that is written, until its document is done. */
    final class Held {
        private final Path path;
        private final ScheduledFuture<?> beats;

        private Held(Path path) {
            this.path = path;
            this.beats =
                    BEATS.scheduleWithFixedDelay(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void beat() {
            try {
                writeText(path.suffix(".beat"), String.valueOf(System.nanoTime()));
            } catch (RuntimeException e) { // the next beat may succeed
                LOG.warn("Cannot renew {}", path, e);
            }
        }

        /** The document did not end the process. */
        void remove() {
            beats.cancel(/* mayInterruptIfRunning */ false);
            try {
                FileSystem files = fileSystem();
                files.delete(path, /* recursive */ false);
                files.delete(path.suffix(".beat"), /* recursive */ false);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot remove the marker " + path, e);
            }
        }

        /** The document will end the process: says why, for the next attempt. */
        void blame(Kind kind, Throwable cause) {
            beats.cancel(/* mayInterruptIfRunning */ false);
            try {
                writeText(path.suffix(".cause"), kind + "\n" + cause);
            } catch (RuntimeException | Error e) { // the cause itself matters more, and memory may be short
                cause.addSuppressed(e);
            }
        }
    }

    private static Pattern reasons(String statuses, String words) {
        return Pattern.compile("(?is).*((code|status)\\D{0,3}(" + statuses + ")\\b|\\b(" + words + ")\\b).*");
    }

    /** Where a document has its marker. */
    static String hash(String id, String fingerprint) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((id + "\n" + fingerprint).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256, which every Java has", e);
        }
    }

    /** Writes a marker; returns when it is on storage. */
    Held write(String hash, Marker marker) {
        Path path = new Path(directory, hash);
        try {
            try (OutputStream out = fileSystem().create(path, /* overwrite */ true)) {
                marker.write(out);
            }
            return new Held(path);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the marker " + path + " of document " + marker.id(), e);
        }
    }

    /**
     * How earlier runs of this document ended. Waits while another task may still run it.
     *
     * @param asking the marker that the caller would write
     */
    Earlier find(String hash, Marker asking) throws InterruptedException {
        Path path = new Path(directory, hash);
        String beat = beat(path);
        long since = System.nanoTime();
        while (true) {
            Optional<Marker> marker = read(path);
            if (marker.isEmpty()) {
                return Earlier.NONE;
            }
            int deaths = marker.get().deaths();
            Optional<Marker.Cause> cause = cause(path);
            if (cause.isPresent()) {
                return new Earlier(deaths + 1, cause.map(c -> error(asking.id(), marker.get(), c.kind(), c.text())));
            }
            if (marker.get().isOfThisProcess()) { // which lives, so this document did not end it
                return new Earlier(deaths, Optional.empty());
            }
            boolean silent = System.nanoTime() - since >= maxSilence.toNanos();
            if (silent || marker.get().isKnownDead(asking)) {
                return dead(asking.id(), marker.get());
            }
            Thread.sleep(Math.min(1000, maxSilence.toMillis()));
            String next = beat(path);
            if (!next.equals(beat)) {
                beat = next;
                since = System.nanoTime();
            }
        }
    }

    private Earlier dead(String id, Marker marker) throws InterruptedException {
        String reason = reason(marker).orElse("it is not known with what status");
        int deaths = marker.deaths() + 1;
        if (deaths < DEATHS_THAT_COUNT && !OF_ITSELF.matcher(reason).matches()) {
            LOG.warn("{} ended while it ran document {} alone ({}); it runs once more", marker.owner(), id, reason);
            return new Earlier(deaths, Optional.empty());
        }
        Kind kind = OF_MEMORY.matcher(reason).matches() ? Kind.Killed : Kind.NativeCrash;
        return new Earlier(deaths, Optional.of(error(id, marker, kind, reason)));
    }

    private static DocumentError error(String id, Marker marker, Kind kind, String reason) {
        return new DocumentError(
                kind,
                "Cannot process document " + id + ": " + marker.owner() + " ended while it ran this document alone"
                        + (marker.deaths() > 0 ? ", as the one before it did: " : ": ")
                        + reason.strip());
    }

    /** What the driver wrote about the end of an executor; it may write it a moment after Spark has begun the next attempt. */
    private Optional<String> reason(Marker marker) throws InterruptedException {
        Path path = ExecutorLosses.path(directory, marker.application(), marker.executor());
        boolean isExecutor = !marker.executor().isEmpty() && !marker.executor().equals("driver");
        long end = System.nanoTime() + (isExecutor ? MAX_WAIT_FOR_REASON.toNanos() : 0);
        Optional<String> reason = readText(path);
        while (reason.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(200);
            reason = readText(path);
        }
        return reason;
    }

    private Optional<Marker.Cause> cause(Path marker) {
        return readText(marker.suffix(".cause")).map(text -> {
            String[] parts = text.split("\n", 2);
            return new Marker.Cause(Kind.valueOf(parts[0]), parts.length < 2 ? "" : parts[1]);
        });
    }

    private String beat(Path marker) {
        return readText(marker.suffix(".beat")).orElse("");
    }

    private Optional<Marker> read(Path path) {
        try (InputStream in = fileSystem().open(path)) {
            return Marker.read(in);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the marker " + path, e);
        }
    }

    /** The text of a file; empty for none, and for one that is not complete yet. */
    private Optional<String> readText(Path path) {
        try (InputStream in = fileSystem().open(path)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        }
    }

    void writeText(Path path, String text) {
        try (OutputStream out = fileSystem().create(path, /* overwrite */ true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + path, e);
        }
    }

    /** The markers in a directory: of documents that ended their process, and of those that run at this moment. */
    public static List<Marker> all(String directory) {
        Markers markers = new Markers(directory);
        List<Marker> all = new ArrayList<>();
        for (FileStatus file : markers.files()) {
            if (MARKER.matcher(file.getPath().getName()).matches()) {
                markers.read(file.getPath()).ifPresent(all::add);
            }
        }
        return all;
    }

    /** Removes all markers, and the directory if nothing else is in it; when no task is careful. */
    public static void clear(String directory) {
        Markers markers = new Markers(directory);
        try {
            FileSystem fileSystem = markers.fileSystem();
            boolean onlyOurs = true;
            for (FileStatus file : markers.files()) {
                boolean ours =
                        file.isFile() && OURS.matcher(file.getPath().getName()).matches();
                onlyOurs &= ours && fileSystem.delete(file.getPath(), /* recursive */ false);
            }
            if (onlyOurs) {
                fileSystem.delete(new Path(directory), /* recursive */ false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove the markers in " + directory, e);
        }
    }

    private List<FileStatus> files() {
        try {
            return List.of(fileSystem().listStatus(new Path(directory)));
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the markers in " + directory, e);
        }
    }

    private FileSystem fileSystem() throws IOException {
        return new Path(directory).getFileSystem(SparkHadoopUtil.get().conf());
    }
}
