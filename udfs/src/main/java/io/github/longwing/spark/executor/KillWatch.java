package io.github.longwing.spark.executor;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the native work of a task that Spark kills, and looks after a living one. Spark only marks a killed task and by default does not interrupt its
 * thread; so one daemon thread polls the marks of all tasks, cancels their work and interrupts their waits.
 *
 * <p>One for each task; {@link #await} belongs to the task's thread.
 */
final class KillWatch implements AutoCloseable {
    private static final long TURN_MILLIS = 50;
    private static final ScheduledThreadPoolExecutor TURNS = turns();
    private static final Logger LOG = LoggerFactory.getLogger(KillWatch.class);

    private final TaskContext context;
    private final Runnable cancelWork;
    private final Runnable eachTurn;
    private final ScheduledFuture<?> turn;

    /** The task's thread while it waits; guarded by this. */
    private Thread waiting;

    /** Whether this watch interrupted the waiting thread; guarded by this. */
    private boolean woken;

    /**
     * @param context null on the driver, where Spark evaluates constants and kills no task
     * @param cancelWork called once on another thread when the task is killed; returns at once
     * @param eachTurn called on that thread again and again while the task lives; returns at once
     */
    KillWatch(TaskContext context, Runnable cancelWork, Runnable eachTurn) {
        this.context = context;
        this.cancelWork = cancelWork;
        this.eachTurn = eachTurn;
        this.turn = TURNS.scheduleWithFixedDelay(this::look, TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A wait that an interrupt ends. */
    interface Wait<V, E extends Exception> {
        V call() throws InterruptedException, E;
    }

    /** The end of a wait by {@link #wake}. */
    static final class Woken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Woken() {
            super(
                    "the task has something else to do",
                    null, /* enableSuppression */
                    false, /* writableStackTrace */
                    false);
        }
    }

    /**
     * Waits until the task is killed at most: then this throws Spark's TaskKilledException, whatever the wait itself
     * threw; or until {@link #wake}, where this throws {@link Woken}. A value that arrived is returned in any case, since it may need to be cancelled.
     */
    <V, E extends Exception> V await(Wait<V, E> wait) throws E {
        begin();
        try {
            return wait.call();
        } catch (InterruptedException e) {
            throwIfKilled();
            if (isWoken()) {
                throw new Woken();
            }
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the model, though the task lives", e);
        } catch (Exception e) {
            throwIfKilled(); // a cancelled run may fail with any exception
            if (isWoken()) { // and so may an interrupted call
                throw new Woken();
            }
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
            // this interrupt was for the wait only: a later one could break an HDFS client
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
            try {
                eachTurn.run();
            } catch (RuntimeException e) { // would end all later turns silently
                LOG.warn("Cannot look after the documents under way", e);
            }
            return;
        }
        close();
        cancelWork.run();
        wake();
    }

    private synchronized boolean isWoken() {
        return woken;
    }

    /** Ends the wait of the task's thread, if it waits. */
    synchronized void wake() {
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
