package io.github.longwing.jobs.run;

import io.github.longwing.jobs.session.JobSession;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Handles Ctrl-C and termination signals while a command runs: stops its tasks, cancels its Spark jobs and delays the end of the process
 * until the thread of the command has ended their tasks and reported it. That thread opens and closes it.
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
    private final CountDownLatch tidied = new CountDownLatch(1);
    private volatile Phase phase = Phase.PREPARING;
    private volatile State state = State.NONE;
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
        if (state == State.NONE) {
            try {
                ShutdownHookManager.get().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the process has just begun to end, so the hook has run
                state = State.UNDER_WAY;
            }
        }
    }

    private void end() {
        state = State.UNDER_WAY;
        if (ownership == JobSession.Ownership.OWNED) {
            ShutdownLogging.begin();
        }
        boolean waits = group.isRunning() || phase == Phase.WRITING;
        try {
            if (phase == Phase.WRITING) {
                stop.run();
                if (tidied.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                    return;
                }
            }
            group.cancel();
            if (waits) {
                var unused = tidied.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
