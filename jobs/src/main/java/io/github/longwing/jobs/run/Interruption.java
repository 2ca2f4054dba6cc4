package io.github.longwing.jobs.run;

import io.github.longwing.jobs.session.JobSession;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Handles Ctrl-C and termination signals while a command runs: stops its tasks and delays the end of the process until the
 * thread of the command has committed what they have finished and reported it; cancels the Spark jobs of one that takes too
 * long. That thread opens and closes it.
 */
final class Interruption implements AutoCloseable {
    /** Before Spark, which stops the SparkContext in a hook of this priority plus 30. */
    private static final int PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 40;

    /** How long the process waits; the tasks take {@link JobGroup#PATIENCE} of it at most. */
    private static final long PATIENCE_SECONDS = 15;

    /** How long tasks may take to hand over what they have finished. */
    private static final long STOP_SECONDS = 10;

    private final JobGroup group;
    private final JobSession.Ownership ownership;
    private final Runnable hook = this::end;
    private final Runnable beforeTheEnd = this::stopWriting;
    private final CountDownLatch tidied = new CountDownLatch(1);
    private volatile Phase phase = Phase.PREPARING;
    private volatile State state = State.NONE;

    /** Whether a signal waits for the thread, and will end the process then. */
    private volatile boolean isAwaited;

    private volatile Runnable stop = () -> {};

    /** What the thread does: the process does not wait for a download of a model, but for a write of the result. */
    enum Phase {
        PREPARING,
        WRITING
    }

    /** Whether the process got a signal to end. */
    enum State {
        NONE,
        UNDER_WAY
    }

    private Interruption(JobGroup group, JobSession.Ownership ownership) {
        this.group = group;
        this.ownership = ownership;
    }

    static Interruption ends(JobGroup group, JobSession.Ownership ownership) {
        Interruption interruption = new Interruption(group, ownership);
        // Hadoop calls a hook that takes longer an error
        ShutdownHookManager.get()
                .addShutdownHook(interruption.hook, PRIORITY, 2 * (STOP_SECONDS + PATIENCE_SECONDS), TimeUnit.SECONDS);
        if (ownership == JobSession.Ownership.OWNED) { // elsewhere signals are the platform's
            Signals.beforeTheEnd(interruption.beforeTheEnd);
        }
        return interruption;
    }

    State state() {
        return state;
    }

    Phase phase() {
        return phase;
    }

    /**
     * From now on the result is being written, or a stream waits for what is to be written next.
     *
     * @param how lets the tasks end with what they have finished, or wakes the thread
     */
    void beginWriting(Runnable how) {
        stop = how;
        phase = Phase.WRITING;
    }

    @Override
    public void close() {
        tidied.countDown();
        Signals.forget(beforeTheEnd);
        if (isAwaited) {
            awaitEndOfProcess();
        }
        if (state == State.NONE) {
            try {
                ShutdownHookManager.get().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the process has just begun to end, so the hook has run
                state = State.UNDER_WAY;
            }
        }
    }

    /** The status of a process that a signal ends is that of the signal, not the one that the command would give. */
    private static void awaitEndOfProcess() {
        try {
            TimeUnit.SECONDS.sleep(STOP_SECONDS + PATIENCE_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On a signal, before the process begins to end. */
    private void stopWriting() {
        if (phase == Phase.WRITING) {
            state = State.UNDER_WAY;
            isAwaited = true;
            var unused = stopsInTime();
        }
    }

    private boolean stopsInTime() {
        stop.run();
        return isTidied(STOP_SECONDS);
    }

    private boolean isTidied(long seconds) {
        try {
            return tidied.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void end() {
        state = State.UNDER_WAY;
        if (ownership == JobSession.Ownership.OWNED) {
            ShutdownLogging.begin();
        }
        boolean waits = group.isRunning() || phase == Phase.WRITING;
        if (isTidied(0) || (phase == Phase.WRITING && !isAwaited && stopsInTime())) {
            return;
        }
        group.cancel();
        if (waits) {
            var unused = isTidied(PATIENCE_SECONDS);
        }
    }
}
