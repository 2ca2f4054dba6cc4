package io.github.longwing.jobs.commit;

import io.github.longwing.error.UserException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write an output: a file that names the run and its process and that the run renews until it is closed. The
 * lease of a process of this host that lives no more is taken over at once; that of another host when it has expired. A run
 * that slept longer than its lease held finds out by {@link #requireHeld} that another has it. Thread-safe.
 */
public final class Lease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final String NAME = "lease.json";

    /** How long a lease holds that nobody renews. */
    static final Duration TERM = Duration.ofMinutes(2);

    private static final Duration RENEWAL = Duration.ofSeconds(30);

    /** How often, and how long between, a lease without words is looked at before it is taken for one of a dead process. */
    private static final int LOOKS_AT_EMPTY = 10;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

    /** What the file says. */
    record Holder(String run, ProcessIdentity process, String expires) {
        boolean isExpired() {
            return Instant.parse(expires).isBefore(Instant.now());
        }
    }

    private final RunLog log;
    private final Path path;
    private final Holder first;
    private volatile boolean lost;
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "longwing-lease");
        thread.setDaemon(true);
        return thread;
    });

    private Lease(RunLog log, Path path, Holder first) {
        this.log = log;
        this.path = path;
        this.first = first;
        Future<?> unused = renewals.scheduleAtFixedRate(
                this::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the lease, waiting for that of another host to expire.
     *
     * @param waiting is told why and until when
     * @throws UserException where another run lives that holds it
     */
    static Lease take(RunLog log, String run, Consumer<String> waiting) throws IOException {
        Path path = new Path(log.folder(), NAME);
        Holder mine = new Holder(run, ProcessIdentity.current(), expiry());
        boolean told = false;
        while (!create(log, path, mine)) {
            Optional<Holder> found = holderOnceWritten(log, path);
            if (found.isEmpty()) {
                continue;
            }
            Holder other = found.get();
            if (other.process().isOfThisHost() && other.process().isAlive()) {
                throw held(log, other);
            }
            if (other.process().isOfThisHost() || other.isExpired()) {
                LOG.info("Taking over from run {}, which ended without a word", other.run());
                log.fileSystem().delete(path, false);
                continue;
            }
            if (!told) {
                waiting.accept(log.name() + " is held by run " + other.run() + " on "
                        + other.process().host() + "; waiting until "
                        + Instant.parse(other.expires()).truncatedTo(ChronoUnit.SECONDS)
                        + " for it to be renewed or to expire");
                told = true;
            }
            sleepUntilExpired(log, path, other);
        }
        return new Lease(log, path, mine);
    }

    /** Who has it, if anybody has. */
    static Optional<Holder> holder(RunLog log) throws IOException {
        Path path = new Path(log.folder(), NAME);
        try {
            return log.fileSystem().getFileStatus(path).getLen() == 0
                    ? Optional.empty()
                    : Optional.of(log.read(path, Holder.class));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Of a lease that somebody has: empty where it is gone, or was left without words by a process that died, or met a full
     * disk, as it made the file. That one is deleted.
     */
    private static Optional<Holder> holderOnceWritten(RunLog log, Path path) throws IOException {
        for (int look = 0; look < LOOKS_AT_EMPTY; look++) {
            try {
                if (log.fileSystem().getFileStatus(path).getLen() > 0) {
                    return Optional.of(log.read(path, Holder.class));
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
            } catch (FileNotFoundException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for " + Moves.shown(path));
            }
        }
        log.fileSystem().delete(path, false);
        return Optional.empty();
    }

    private static void sleepUntilExpired(RunLog log, Path path, Holder other) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(Math.max(
                    1000,
                    Duration.between(Instant.now(), Instant.parse(other.expires()))
                                    .toMillis()
                            + 1000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw held(log, other);
        }
        try {
            Holder now = log.read(path, Holder.class);
            if (!now.isExpired()) {
                throw held(log, now);
            }
        } catch (FileNotFoundException e) {
            LOG.debug("The run on {} has ended", other.process().host());
        }
    }

    private static boolean create(RunLog log, Path path, Holder mine) throws IOException {
        FileSystem fileSystem = log.fileSystem();
        fileSystem.mkdirs(path.getParent());
        OutputStream out;
        try {
            out = fileSystem.create(path, /* overwrite */ false);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            if (fileSystem.exists(path)) {
                return false;
            }
            throw e;
        }
        try (out) {
            out.write(RunLog.json(mine).getBytes(StandardCharsets.UTF_8));
        } catch (IOException | FSError e) {
            if (holder(log).filter(other -> !other.run().equals(mine.run())).isPresent()) {
                return false; // a store that looks at the end whether the name is free
            }
            fileSystem.delete(path, false); // on a full disk it would stay without words
            throw e instanceof FSError ? new IOException(e.getMessage(), e) : (IOException) e;
        }
        return log.read(path, Holder.class).run().equals(mine.run());
    }

    private static UserException held(RunLog log, Holder holder) {
        return new UserException("Cannot write " + log.name() + ": run " + holder.run() + " on "
                + holder.process().host() + " (process " + holder.process().pid() + ", started "
                + holder.process().start()
                + ") writes it now, expected no other run; wait until it has ended, or name another output");
    }

    private static String expiry() {
        return Instant.now().plus(TERM).toString();
    }

    /**
     * Called before anything is committed.
     *
     * @throws UserException where another run has taken the output, or somebody has moved or deleted it
     */
    synchronized void requireHeld() throws IOException {
        Optional<Holder> found = holder(log);
        if (found.filter(holder -> holder.run().equals(first.run())).isPresent()) {
            return;
        }
        lost = true;
        String output = log.name();
        throw new UserException(found.map(other -> "Cannot go on with " + output + ": run " + other.run() + " on "
                        + other.process().host()
                        + " has taken it over, since this one did not renew its lease in time, expected one run at a"
                        + " time; run the same command again when that one has ended")
                .orElse("Cannot go on with " + output + ": the lease of this run is gone, as if somebody had"
                        + " moved or deleted the directory, expected it to stay until the end; put it back, or"
                        + " run the same command again"));
    }

    /** Whether {@link #requireHeld} has found that this run has it no more. */
    boolean isLost() {
        return lost;
    }

    private synchronized void renew() {
        try {
            requireHeld();
            Holder renewed = new Holder(first.run(), first.process(), expiry());
            if (log.fileSystem() instanceof RawLocalFileSystem) {
                log.write(path, renewed);
            } else { // one step, where a rename onto a file is two and another run would find none in between
                try (OutputStream out = log.fileSystem().create(path, /* overwrite */ true)) {
                    out.write(RunLog.json(renewed).getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (UserException e) {
            LOG.warn("The lease is lost", e);
            renewals.shutdown();
        } catch (IOException | RuntimeException | FSError e) { // the next renewal may succeed
            LOG.warn("Cannot renew the lease of {}", log.name(), e);
        }
    }

    @Override
    public void close() {
        renewals.shutdown();
        try {
            if (!renewals.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("The renewal of the lease does not end");
            }
            requireHeld();
            log.fileSystem().delete(path, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (UserException e) {
            LOG.debug("There is no lease to give back", e);
        } catch (IOException e) {
            LOG.warn("Cannot give back the lease of {}; it expires by itself", log.name(), e);
        }
    }
}
