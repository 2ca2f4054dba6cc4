package io.github.longwing.spark.executor;

import io.github.longwing.error.UserException;
import io.github.longwing.task.DocumentTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loaded models of a JVM: one for each loader, whatever the number of tasks that ask for it at once. Tasks hold
 * leases; a model without a lease stays for the next task and is closed only to make room for another, and with the
 * JVM. A load that fails reaches all tasks that wait for it and is forgotten, so that the next task tries again.
 *
 * <p>Thread-safe. Models load and close outside of the lock.
 */
final class ExecutorModels implements AutoCloseable {
    /** How many models an executor may keep; more are loaded only while all of them are in use. */
    static final String MAX_MODELS = "spark.longwing.executor.models";

    /**
     * Before Spark's own hook, at this priority plus 30, and after that of a driver, plus 40, which lets the tasks end
     * first.
     */
    private static final int SHUTDOWN_PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 35;

    private static final int DEFAULT_MAX_MODELS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorModels.class);

    private final int maxModels;

    /** Guarded by this, like all that entries hold. */
    private final Map<TaskLoader<?>, Entry> entries = new HashMap<>();

    private long uses;
    private boolean closed;

    ExecutorModels(int maxModels) {
        this.maxModels = maxModels;
    }

    /** The models of this JVM, configured by the SparkConf of the first task that asks. */
    static ExecutorModels shared() {
        return Shared.MODELS;
    }

    /** Made at first use, by the class loader's own once-only rule. */
    private static final class Shared {
        static final ExecutorModels MODELS = make();

        private static ExecutorModels make() {
            SparkEnv env = SparkEnv.get();
            int max = env == null ? DEFAULT_MAX_MODELS : env.conf().getInt(MAX_MODELS, DEFAULT_MAX_MODELS);
            ExecutorModels models = new ExecutorModels(max);
            ShutdownHookManager.get().addShutdownHook(models::close, SHUTDOWN_PRIORITY);
            return models;
        }
    }

    /** The use of a loaded model by a task. Closing it twice does no harm. */
    final class Lease<T> implements AutoCloseable {
        private final Entry entry;
        private final DocumentTask<T> task;
        private final Thread holder = Thread.currentThread();
        private boolean released;

        private Lease(Entry entry, DocumentTask<T> task) {
            this.entry = entry;
            this.task = task;
        }

        DocumentTask<T> task() {
            return task;
        }

        /**
         * Says that the model may be broken: it gets no new lease, is closed when the last one ends, and is then loaded
         * again for the tasks that wait.
         */
        void markBroken() {
            synchronized (ExecutorModels.this) {
                entry.broken = true;
            }
        }

        /**
         * Says that the native code of the model does not end: the next task loads a new one, and this one is never
         * closed, since that would wait for it. Its memory stays taken until the JVM ends.
         */
        void abandon() {
            synchronized (ExecutorModels.this) {
                entry.abandoned = true;
                entry.closed.set(true);
                entries.values().remove(entry);
                ExecutorModels.this.notifyAll();
            }
            LOG.error("The native code of {} does not end; its memory stays taken", task.model());
        }

        /** Whether some task has abandoned it. */
        boolean isAbandoned() {
            synchronized (ExecutorModels.this) {
                return entry.abandoned;
            }
        }

        @Override
        public void close() {
            synchronized (ExecutorModels.this) {
                if (released) {
                    return;
                }
                released = true;
            }
            release(entry, holder);
        }
    }

    private static final class Entry {
        final CompletableFuture<DocumentTask<?>> loaded = new CompletableFuture<>();
        final AtomicBoolean closed = new AtomicBoolean();

        /** The thread of each lease, and of each task that waits for the load. */
        final List<Thread> holders = new ArrayList<>();

        long lastUse;
        boolean broken;
        boolean abandoned;
    }

    /**
     * The model of this loader, loaded if it is not there yet. Waits for a load in progress, and for the tasks that still
     * use a broken model of this loader, since two copies may not fit into memory; a thread that holds such a lease
     * itself gets the broken model once more rather than wait for itself. An interrupt ends the wait but not the load,
     * which others may want.
     *
     * @param threads for the load that this call may start
     */
    <T> Lease<T> acquire(TaskLoader<T> loader, ThreadBudget threads) throws InterruptedException {
        Entry entry = enter(loader, threads);
        boolean leased = false;
        try {
            @SuppressWarnings("unchecked") // equal loaders are of one class and load one type of task
            DocumentTask<T> task = (DocumentTask<T>) entry.loaded.get();
            Lease<T> lease = new Lease<>(entry, task);
            leased = true;
            return lease;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            // each waiter throws an exception of its own: Spark serializes and annotates them
            throw cause instanceof UserException
                    ? new UserException(cause.getMessage(), cause)
                    : new IllegalStateException("Cannot load the model of " + loader + ": " + cause, cause);
        } finally {
            if (!leased) {
                release(entry, Thread.currentThread());
            }
        }
    }

    private <T> Entry enter(TaskLoader<T> loader, ThreadBudget threads) throws InterruptedException {
        Thread holder = Thread.currentThread();
        Entry entry;
        List<Entry> evicted;
        synchronized (this) {
            entry = usable(loader, holder);
            if (entry != null) {
                entry.holders.add(holder);
                return entry;
            }
            entry = new Entry();
            entry.holders.add(holder);
            entries.put(loader, entry);
            evicted = evictIdle();
        }
        startLoad(loader, threads, entry, evicted);
        return entry;
    }

    /** The entry of this loader; null if there is none. Waits while only other threads hold a broken one. */
    private Entry usable(TaskLoader<?> loader, Thread holder) throws InterruptedException {
        while (true) {
            if (closed) {
                throw new IllegalStateException("Cannot load a model: this JVM is shutting down");
            }
            Entry entry = entries.get(loader);
            if (entry == null || !entry.broken || entry.holders.contains(holder)) {
                return entry;
            }
            wait();
        }
    }

    /** Loads on a thread of its own: the first task may be killed while others still want the model. */
    private void startLoad(TaskLoader<?> loader, ThreadBudget threads, Entry entry, List<Entry> evicted) {
        Thread thread = new Thread(
                () -> {
                    evicted.forEach(ExecutorModels::closeTask); // first, so that both need not fit into memory
                    load(loader, threads, entry);
                },
                "longwing-model-load");
        thread.setDaemon(true);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.start();
    }

    private void load(TaskLoader<?> loader, ThreadBudget threads, Entry entry) {
        long start = System.nanoTime();
        try {
            DocumentTask<?> task = loader.load(threads);
            LOG.info("Loaded {} in {} ms, {}", task.model(), (System.nanoTime() - start) / 1_000_000, threads);
            entry.loaded.complete(task);
            closeIfTooLate(entry);
        } catch (Throwable e) { // whatever it is, the waiting tasks must get it
            LOG.warn("Cannot load the model of {}", loader, e);
            forget(loader);
            entry.loaded.completeExceptionally(e);
        }
    }

    private synchronized void forget(TaskLoader<?> loader) {
        entries.remove(loader);
    }

    private void closeIfTooLate(Entry entry) {
        synchronized (this) {
            if (!closed) {
                return;
            }
        }
        closeTask(entry);
    }

    private void release(Entry entry, Thread holder) {
        boolean drained;
        List<Entry> evicted;
        synchronized (this) {
            entry.holders.remove(holder);
            entry.lastUse = ++uses;
            drained = entry.broken && entry.holders.isEmpty();
            evicted = evictIdle();
        }
        evicted.forEach(ExecutorModels::closeTask);
        if (drained) {
            try {
                closeTask(entry); // before a waiting task may load the model again
            } finally {
                forget(entry);
            }
        }
    }

    private synchronized void forget(Entry entry) {
        entries.values().remove(entry);
        notifyAll();
    }

    /** Removes the models beyond the limit that nobody uses, least recently used first. */
    private List<Entry> evictIdle() {
        List<Entry> evicted = new ArrayList<>();
        while (entries.size() > maxModels) {
            Optional<Map.Entry<TaskLoader<?>, Entry>> oldest = entries.entrySet().stream()
                    .filter(e -> isIdle(e.getValue()))
                    .min(Comparator.comparingLong(e -> e.getValue().lastUse));
            if (oldest.isEmpty()) {
                break;
            }
            evicted.add(oldest.get().getValue());
            entries.remove(oldest.get().getKey());
        }
        return evicted;
    }

    /** A broken model without leases is being closed by the task that used it last. */
    private static boolean isIdle(Entry entry) {
        return entry.holders.isEmpty() && entry.loaded.isDone() && !entry.broken;
    }

    /** Closes all models, those in use as well. */
    @Override
    public void close() {
        List<Entry> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(entries.values());
            entries.clear();
            notifyAll();
        }
        all.forEach(ExecutorModels::closeTask);
    }

    private static void closeTask(Entry entry) {
        if (!entry.loaded.isDone() || entry.loaded.isCompletedExceptionally()) {
            return; // a load in progress finds out by itself that it comes too late
        }
        if (!entry.closed.compareAndSet(false, true)) {
            return;
        }
        DocumentTask<?> task = entry.loaded.join();
        LOG.info("Closing {}", task.model());
        try {
            task.close();
        } catch (RuntimeException e) {
            LOG.warn("Cannot close {} cleanly, its memory may stay taken", task.model(), e);
        }
    }
}
