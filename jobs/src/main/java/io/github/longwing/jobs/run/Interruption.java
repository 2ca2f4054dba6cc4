package io.github.longwing.jobs.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens on Ctrl-C or a termination signal while a job runs: the job is cancelled, and the process waits a little
 * for its thread to tidy up and say so. The thread that opened it closes it.
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final Thread hook;
    private final CountDownLatch tidied = new CountDownLatch(1);
    private volatile State state = State.NONE;

    /** Whether the process was told to end. */
    enum State {
        NONE,
        UNDER_WAY
    }

    private Interruption(Runnable cancellation) {
        hook = new Thread(() -> end(cancellation), "longwing-interruption");
    }

    static Interruption cancels(Runnable cancellation) {
        Interruption interruption = new Interruption(cancellation);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    State state() {
        return state;
    }

    @Override
    public void close() {
        tidied.countDown();
        if (state == State.NONE) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the process began to end this very moment, so the hook has run
                state = State.UNDER_WAY;
            }
        }
    }

    private void end(Runnable cancellation) {
        state = State.UNDER_WAY;
        cancellation.run();
        try {
            tidied.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
