package io.github.longwing.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock between threads and processes of one machine, kept by a file that stays behind. The operating system frees it
 * when a process dies. Not reentrant; any thread may close it. On file systems without locks it works between
 * threads alone, so what it guards must also be put into place atomically.
 */
public final class ProcessLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessLock.class);
    private static final long MAX_WAIT_TO_SHARE_NANOS = 1_000_000_000L;
    private static final Map<Path, Guard> GUARDS = new ConcurrentHashMap<>();

    private final Guard guard;
    private final long stamp;
    private boolean open = true;

    private ProcessLock(Guard guard, long stamp) {
        this.guard = guard;
        this.stamp = stamp;
    }

    /**
     * Waits until nobody else holds the lock.
     *
     * @throws IOException if the file cannot be made, or the thread is interrupted
     */
    public static ProcessLock exclusive(Path file) throws IOException {
        return using(
                        file,
                        guard -> Optional.of(
                                guard.locked(guard.await(guard.threads::writeLockInterruptibly), Kind.EXCLUSIVE)))
                .orElseThrow();
    }

    /** Takes the lock if it is certain that nobody else holds it: never on a file system without locks. */
    public static Optional<ProcessLock> tryExclusive(Path file) throws IOException {
        return using(file, guard -> {
            long stamp = guard.threads.tryWriteLock();
            return stamp == 0 ? Optional.empty() : guard.tryLocked(stamp);
        });
    }

    /** Waits until nobody holds the lock exclusively; many may share it. */
    public static ProcessLock shared(Path file) throws IOException {
        return using(
                        file,
                        guard -> Optional.of(
                                guard.locked(guard.await(guard.threads::readLockInterruptibly), Kind.SHARED)))
                .orElseThrow();
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            guard.release();
            guard.threads.unlock(stamp);
            leave(guard);
        }
    }

    private interface Attempt {
        Optional<ProcessLock> lock(Guard guard) throws IOException;
    }

    /** Keeps the guard of a file for as long as a thread holds it or waits for it. */
    private static Optional<ProcessLock> using(Path file, Attempt attempt) throws IOException {
        Guard guard = enter(file.toAbsolutePath().normalize());
        boolean locked = false;
        try {
            Optional<ProcessLock> lock = attempt.lock(guard);
            locked = lock.isPresent();
            return lock;
        } finally {
            if (!locked) {
                leave(guard);
            }
        }
    }

    private static Guard enter(Path file) {
        return GUARDS.compute(file, (path, known) -> {
            Guard guard = known == null ? new Guard(path) : known;
            guard.users++;
            return guard;
        });
    }

    private static void leave(Guard guard) {
        GUARDS.computeIfPresent(guard.file, (path, known) -> {
            known.users--;
            return known.users == 0 ? null : known;
        });
    }

    /** Whether a thread of this process holds the lock or waits for it. */
    static boolean isInUse(Path file) {
        return GUARDS.containsKey(file.toAbsolutePath().normalize());
    }

    private enum Kind {
        EXCLUSIVE,
        SHARED
    }

    private interface Acquisition {
        long stamp() throws InterruptedException;
    }

    /** The state of a lock that the threads of this process share: a process may lock a file only once. */
    private static final class Guard {
        private final StampedLock threads = new StampedLock();
        private final Path file;
        private FileChannel channel;
        private int holders;
        private int users; // holders and those that wait; changed by GUARDS.compute alone

        Guard(Path file) {
            this.file = file;
        }

        long await(Acquisition acquisition) throws InterruptedIOException {
            try {
                return acquisition.stamp();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                InterruptedIOException interrupted =
                        new InterruptedIOException("interrupted while waiting for " + file);
                interrupted.initCause(e);
                throw interrupted;
            }
        }

        synchronized ProcessLock locked(long stamp, Kind kind) throws IOException {
            try {
                if (holders == 0) {
                    channel = openFile();
                    lock(kind);
                }
                holders++;
                return new ProcessLock(this, stamp);
            } catch (IOException e) {
                giveUp(stamp);
                throw e;
            }
        }

        synchronized Optional<ProcessLock> tryLocked(long stamp) throws IOException {
            try {
                channel = openFile();
                if (!tryLock()) {
                    giveUp(stamp);
                    return Optional.empty();
                }
                holders++;
                return Optional.of(new ProcessLock(this, stamp));
            } catch (IOException e) {
                giveUp(stamp);
                throw e;
            }
        }

        synchronized void release() {
            holders--;
            if (holders == 0) {
                closeChannel();
            }
        }

        private FileChannel openFile() throws IOException {
            Files.createDirectories(file.getParent());
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }

        private void lock(Kind kind) throws IOException {
            long begin = System.nanoTime();
            while (true) {
                try {
                    FileLock unused = channel.lock(0, Long.MAX_VALUE, kind == Kind.SHARED);
                    return;
                } catch (OverlappingFileLockException e) {
                    // Another class loader of this process has loaded this class, as Spark may do, and holds the lock.
                    // A lock
                    // that it shares protects this holder too.
                    if (kind == Kind.SHARED && System.nanoTime() - begin > MAX_WAIT_TO_SHARE_NANOS) {
                        LOG.debug("{} is held by another class loader of this process", file, e);
                        return;
                    }
                    pause();
                } catch (ClosedChannelException | FileLockInterruptionException e) { // interrupted while it waited
                    throw e;
                } catch (IOException e) {
                    warn(e);
                    return;
                }
            }
        }

        private boolean tryLock() {
            try {
                return channel.tryLock() != null;
            } catch (OverlappingFileLockException e) {
                LOG.debug("{} is held by another class loader of this process", file, e);
                return false;
            } catch (IOException e) {
                warn(e);
                return false;
            }
        }

        private void pause() throws InterruptedIOException {
            await(() -> {
                Thread.sleep(20);
                return 0;
            });
        }

        private void warn(IOException e) {
            LOG.warn(
                    "The file system of {} has no locks ({}); several processes may do the same work",
                    file,
                    e.toString());
        }

        private void giveUp(long stamp) {
            if (holders == 0) {
                closeChannel();
            }
            threads.unlock(stamp);
        }

        private void closeChannel() {
            if (channel == null) {
                return;
            }
            try {
                channel.close();
            } catch (IOException e) {
                LOG.warn("Cannot close {}: {}", file, e.toString());
            } finally {
                channel = null;
            }
        }
    }
}
