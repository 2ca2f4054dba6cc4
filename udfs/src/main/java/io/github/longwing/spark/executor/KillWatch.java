package io.github.longwing.spark.executor;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;

/**
 * Ends the native work of a task that Spark kills. Spark only marks a killed task, and by default leaves its thread
 * alone, wherever that waits; so one daemon thread looks at the marks of all tasks in short turns, cancels their work
 * and wakes them up.
 *
 * <p>One for each task; {@link #await} belongs to the task's thread.
 */
final class KillWatch implements AutoCloseable {
    private static final long TURN_MILLIS = 50;
    private static final ScheduledThreadPoolExecutor TURNS = turns();

    private final TaskContext context;
    private final Runnable cancelWork;
    private final ScheduledFuture<?> turn;

    /** The task's thread while it waits; guarded by this. */
    private Thread waiting;

    /** Whether the interrupt that the waiting thread may feel is ours; guarded by this. */
    private boolean woken;

    /**
     * @param context null on the driver, where Spark evaluates constants and nobody kills it
     * @param cancelWork called once on another thread when the task is killed; returns at once
     */
    KillWatch(TaskContext context, Runnable cancelWork) {
        this.context = context;
        this.cancelWork = cancelWork;
        this.turn = TURNS.scheduleWithFixedDelay(this::look, TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Something that waits and feels interrupts. */
    interface Wait<V, E extends Exception> {
        V call() throws InterruptedException, E;
    }

    /**
     * Waits, and no longer than the task may live: for a killed task this throws Spark's TaskKilledException, whatever
     * the wait itself threw. A value that came is returned even so, since it may need to be cancelled.
     */
    <V, E extends Exception> V await(Wait<V, E> wait) throws E {
        begin();
        try {
            return wait.call();
        } catch (InterruptedException e) {
            throwIfKilled();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the model, though the task lives", e);
        } catch (Exception e) {
            throwIfKilled(); // a cancelled run may end in any way
            throw e;
        } finally {
            end();
        }
    }

    @Override
    public void close() {
        turn.cancel(/* mayInterruptIfRunning */ false);
    }

    private synchronized void begin() {
        throwIfKilled();
        waiting = Thread.currentThread();
    }

    private synchronized void end() {
        waiting = null;
        if (woken) {
            woken = false;
            // ours was for the wait alone: HDFS clients take harm from stray interrupts
            Thread.interrupted();
        }
    }

    private void throwIfKilled() {
        if (context != null) {
            context.killTaskIfInterrupted();
        }
    }

    private void look() {
        if (context == null || !context.isInterrupted()) {
            return;
        }
        close();
        cancelWork.run();
        wake();
    }

    private synchronized void wake() {
        if (waiting != null) {
            woken = true;
            waiting.interrupt();
        }
    }

    private static ScheduledThreadPoolExecutor turns() {
        ScheduledThreadPoolExecutor turns = new ScheduledThreadPoolExecutor(1, runnable -> {
            Thread thread = new Thread(runnable, "longwing-kill-watch");
            thread.setDaemon(true);
            return thread;
        });
        turns.setRemoveOnCancelPolicy(true);
        return turns;
    }
}
