package io.github.longwing.jobs.run;

import io.github.longwing.jobs.session.JobSession;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * What happens on Ctrl-C or a termination signal while a command runs: its Spark jobs are cancelled, and the process
 * waits a little for its thread to end their tasks, to tidy up and to say so. The thread that opened it closes it.
 */
final class Interruption implements AutoCloseable {
    /** Before Spark, which stops the SparkContext in a hook of this priority plus 30. */
    private static final int PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 40;

    /** Of which the tasks take {@link JobGroup#PATIENCE} at most. */
    private static final long PATIENCE_SECONDS = 15;

    private final JobGroup group;
    private final JobSession.Ownership ownership;
    private final Runnable hook = this::end;
    private final CountDownLatch tidied = new CountDownLatch(1);
    private volatile Phase phase = Phase.PREPARING;
    private volatile State state = State.NONE;

    /** What the thread does: a model that it downloads keeps no process waiting, a result that it writes does. */
    enum Phase {
        PREPARING,
        WRITING
    }

    /** Whether the process was told to end. */
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
        ShutdownHookManager.get().addShutdownHook(interruption.hook, PRIORITY, 2 * PATIENCE_SECONDS, TimeUnit.SECONDS);
        return interruption;
    }

    State state() {
        return state;
    }

    Phase phase() {
        return phase;
    }

    /** Says that the result is being written from now on. */
    void beginWriting() {
        phase = Phase.WRITING;
    }

    @Override
    public void close() {
        tidied.countDown();
        if (state == State.NONE) {
            try {
                ShutdownHookManager.get().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the process began to end this very moment, so the hook has run
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
        group.cancel();
        if (!waits) {
            return;
        }
        try {
            tidied.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
