package io.github.longwing.jobs.run;

import io.github.longwing.jobs.session.JobSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * The Spark jobs that one thread starts, as one job group that can be ended. Spark fails a cancelled job at once and
 * only marks its tasks, which run on for a while; one that still runs when the SparkContext stops loses its block
 * manager and reports that with a stack trace.
 *
 * <p>Opened, ended and closed by the thread that starts the jobs; {@link #cancel} and {@link #isRunning} are
 * thread-safe. Does nothing where there is no SparkContext.
 */
final class JobGroup implements AutoCloseable {
    /** How long the tasks of a cancelled job may take to end. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What the thread may have set before, as that of a stream has, by which its query is stopped. */
    private static final List<String> PROPERTIES =
            List.of(JobSession.JOB_GROUP, "spark.job.description", "spark.job.interruptOnCancel");

    private final Optional<SparkContext> context;
    private final Running running = new Running();
    private final Map<String, String> before = new HashMap<>();
    private volatile String id;

    private JobGroup(Optional<SparkContext> context) {
        this.context = context;
    }

    static JobGroup open(Optional<SparkContext> context) {
        JobGroup group = new JobGroup(context);
        context.ifPresent(c -> PROPERTIES.forEach(name -> group.before.put(name, c.getLocalProperty(name))));
        context.ifPresent(c -> c.addSparkListener(group.running));
        group.begin();
        return group;
    }

    /** Lets jobs start, also after those before were cancelled. */
    void begin() {
        id = "longwing-" + UUID.randomUUID();
        running.follow(id);
        context.ifPresent(c -> c.setJobGroup(id, "longwing", true));
    }

    /** Whether a job or a task of one runs, as far as Spark has reported. */
    boolean isRunning() {
        return running.isAny();
    }

    /** Fails running and future jobs, and returns at once; their tasks end later. */
    void cancel() {
        live().ifPresent(c -> c.cancelJobGroupAndFutureJobs(id));
    }

    /** Cancels what still runs and waits until it has ended; false where that takes longer than {@link #PATIENCE}. */
    boolean end() {
        try {
            if (live().isEmpty()) {
                return true;
            }
            cancel();
            reportMark();
            return running.awaitNone(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IllegalStateException e) {
            return true; // the SparkContext was stopped meanwhile
        }
    }

    @Override
    public void close() {
        context.ifPresent(c -> {
            c.removeSparkListener(running);
            before.forEach(c::setLocalProperty);
        });
    }

    private Optional<SparkContext> live() {
        return context.filter(c -> !c.isStopped());
    }

    /**
     * Submits a job without partitions, which Spark reports but does not run: the report comes after those of all tasks
     * that have started before.
     */
    private void reportMark() {
        live().ifPresent(c -> {
            running.expectMark();
            long unused = new JavaSparkContext(c).emptyRDD().count();
        });
    }

    /** The running jobs and tasks of the group. Thread-safe. */
    private static final class Running extends SparkListener {
        private String group;
        private final Set<Integer> jobs = new HashSet<>();
        private final Set<Integer> stages = new HashSet<>();
        private final Set<Long> tasks = new HashSet<>();
        private boolean markExpected;

        synchronized void follow(String id) {
            group = id;
        }

        synchronized boolean isAny() {
            return markExpected || !jobs.isEmpty() || !tasks.isEmpty();
        }

        synchronized void expectMark() {
            markExpected = true;
        }

        synchronized boolean awaitNone(Duration patience) throws InterruptedException {
            long end = System.nanoTime() + patience.toNanos();
            while (isAny()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        }

        @Override
        public synchronized void onJobStart(SparkListenerJobStart start) {
            Properties properties = start.properties();
            if (properties == null || !group.equals(properties.getProperty(JobSession.JOB_GROUP))) {
                return;
            }
            if (start.stageInfos().isEmpty()) {
                markExpected = false;
            } else {
                jobs.add(start.jobId());
                start.stageInfos().foreach(stage -> stages.add(stage.stageId()));
            }
            notifyAll();
        }

        @Override
        public synchronized void onJobEnd(SparkListenerJobEnd end) {
            jobs.remove(end.jobId());
            notifyAll();
        }

        @Override
        public synchronized void onTaskStart(SparkListenerTaskStart start) {
            if (stages.contains(start.stageId())) {
                tasks.add(start.taskInfo().taskId());
            }
        }

        @Override
        public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
            tasks.remove(end.taskInfo().taskId());
            notifyAll();
        }

        @Override
        public synchronized void onApplicationEnd(SparkListenerApplicationEnd end) {
            markExpected = false;
            jobs.clear();
            tasks.clear();
            notifyAll();
        }
    }
}
