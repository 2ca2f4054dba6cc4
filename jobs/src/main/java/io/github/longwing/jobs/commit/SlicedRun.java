package io.github.longwing.jobs.commit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Computes the partitions of a result and commits, every few minutes, the rows of those that have ended. Partitions are
 * given to Spark a few for each slot at a time, in two jobs, so that a slow one holds nothing up and jobs of the commit
 * get their turn. A partition that Spark runs again redoes nothing that is committed.
 */
final class SlicedRun {
    /** Partitions for each slot in one job of Spark, at most. */
    static final int MOST_PARTITIONS_PER_SLOT = 4;

    /** Jobs of Spark at a time. */
    private static final int JOBS = 2;

    /** Commits the rows of ended partitions. */
    interface Commit {
        void commit(List<StagedFile> files) throws IOException;
    }

    private final SparkContext context;
    private final RDD<InternalRow> rows;
    private final StagingWriter writer;
    private final Duration sliceTime;
    private final int partitionsPerSlot;
    private final Commit commit;
    private final BooleanSupplier stopped;
    private volatile boolean failed;

    /** What tasks have written and no slice has, or the failure of a job, or that one has ended. */
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

    private sealed interface Event {
        record Written(List<StagedFile> files) implements Event {}

        record Failed(Throwable cause) implements Event {}

        record Ended() implements Event {}
    }

    SlicedRun(
            SparkContext context,
            RDD<InternalRow> rows,
            StagingWriter writer,
            Duration sliceTime,
            int partitionsPerSlot,
            Commit commit,
            BooleanSupplier stopped) {
        this.stopped = stopped;
        this.context = context;
        this.rows = rows;
        this.writer = writer;
        this.sliceTime = sliceTime;
        this.partitionsPerSlot = partitionsPerSlot;
        this.commit = commit;
    }

    /**
     * Returns when all partitions are committed, or those that had begun before it was stopped. The first failure ends it:
     * what had ended is committed before it is thrown, and what still runs is the caller's to cancel.
     */
    void run() throws IOException {
        Iterator<List<Integer>> parts = parts().iterator();
        ExecutorService jobs = Executors.newFixedThreadPool(JOBS, task -> {
            Thread thread = new Thread(task, "longwing-slices"); // inherits the job group of this thread
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (int i = 0; i < JOBS; i++) {
                Future<?> unused = jobs.submit(() -> runJobs(parts));
            }
            commitUntilEnded();
        } finally {
            jobs.shutdownNow();
        }
    }

    /** Partitions that are under way at a time, at most, where so many tasks run at a time. */
    static int mostUnderWay(int slots) {
        return JOBS * MOST_PARTITIONS_PER_SLOT * Math.max(1, slots);
    }

    private List<List<Integer>> parts() {
        int slots = Math.max(1, context.defaultParallelism());
        int size = slots * partitionsPerSlot;
        List<List<Integer>> parts = new ArrayList<>();
        for (int begin = 0; begin < rows.getNumPartitions(); begin += size) {
            List<Integer> part = new ArrayList<>();
            for (int i = begin; i < Math.min(begin + size, rows.getNumPartitions()); i++) {
                part.add(i);
            }
            parts.add(part);
        }
        return parts;
    }

    private void runJobs(Iterator<List<Integer>> parts) {
        try {
            for (List<Integer> part = next(parts); !part.isEmpty() && !isOver(); part = next(parts)) {
                runJob(part);
            }
            events.add(new Event.Ended());
        } catch (Throwable e) { // also SparkException, which Scala does not declare; run() throws it
            events.add(new Event.Failed(e));
        }
    }

    private boolean isOver() {
        return failed || stopped.getAsBoolean();
    }

    private static List<Integer> next(Iterator<List<Integer>> parts) {
        synchronized (parts) {
            return parts.hasNext() ? parts.next() : List.of();
        }
    }

    private void runJob(List<Integer> part) {
        ClassTag<List<StagedFile>> tag = ClassTag$.MODULE$.apply(List.class);
        List<Object> partitions = new ArrayList<>(part);
        context.runJob(rows, writer, CollectionConverters.asScala(partitions).toSeq(), new Results(), tag);
    }

    /** Gets the result of each task as it ends, on a thread of Spark's. */
    private final class Results extends AbstractFunction2<Object, List<StagedFile>, BoxedUnit> {
        @Override
        public BoxedUnit apply(Object index, List<StagedFile> files) {
            events.add(new Event.Written(files));
            return BoxedUnit.UNIT;
        }
    }

    private void commitUntilEnded() throws IOException {
        List<StagedFile> waiting = new ArrayList<>();
        long due = System.nanoTime() + sliceTime.toNanos();
        int running = JOBS;
        Throwable failure = null;
        while (running > 0 && failure == null) { // what else runs then is cancelled by whoever gets the failure
            Event event = poll(due - System.nanoTime());
            if (event instanceof Event.Written written) {
                waiting.addAll(written.files());
            } else if (event instanceof Event.Failed failed) {
                failure = failed.cause();
            } else if (event instanceof Event.Ended) {
                running--;
            }
            if (failure == null && running > 0 && System.nanoTime() >= due) {
                commit(waiting);
                due = System.nanoTime() + sliceTime.toNanos();
            }
        }
        failed = failure != null;
        try {
            commit(waiting);
        } catch (IOException | RuntimeException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
        if (failure != null) {
            throw SlicedRun.<RuntimeException>asIs(failure);
        }
    }

    private void commit(List<StagedFile> waiting) throws IOException {
        if (waiting.isEmpty()) {
            return;
        }
        try {
            commit.commit(List.copyOf(waiting));
        } catch (FSError e) { // what Hadoop's local file systems throw on a full disk
            throw new IOException(e.getMessage(), e);
        }
        waiting.clear();
    }

    /** Null where nothing comes in that time. */
    private Event poll(long nanos) {
        try {
            return events.poll(Math.max(1, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Event.Failed(e);
        }
    }

    @SuppressWarnings("unchecked") // erased: Scala throws checked exceptions that it does not declare, and so does this
    private static <E extends Throwable> RuntimeException asIs(Throwable failure) throws E {
        throw (E) failure;
    }
}
