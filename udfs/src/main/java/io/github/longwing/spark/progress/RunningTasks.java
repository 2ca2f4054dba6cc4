package io.github.longwing.spark.progress;

import static scala.jdk.javaapi.CollectionConverters.asJava;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Tuple4;
import scala.collection.immutable.Seq;

/** The counts of running tasks, from the heartbeats of their executors. Thread-safe. */
public final class RunningTasks extends SparkListener {
    private final long documents;
    private final long errors;
    private final long inputTokens;
    private final long outputTokens;
    private final long inFlight;

    private final Map<Long, JobTotals> running = new HashMap<>();

    private final Map<Long, Seen> oldest = new HashMap<>();

    /**
     * A document of a heartbeat.
     *
     * @param nanos when the heartbeat arrived
     */
    private record Seen(InFlight document, long nanos) {
        InFlight now() {
            Duration since = Duration.ofNanos(System.nanoTime() - nanos);
            return new InFlight(document.id(), document.age().plus(since), document.stage());
        }
    }

    /** A heartbeat may be delivered after the end of its task. */
    private final Set<Long> ended = new HashSet<>();

    /** The ids of the accumulators. */
    public RunningTasks(long documents, long errors, long inputTokens, long outputTokens, long inFlight) {
        this.documents = documents;
        this.errors = errors;
        this.inputTokens = inputTokens;
        this.outputTokens = outputTokens;
        this.inFlight = inFlight;
    }

    public synchronized JobTotals totals() {
        return running.values().stream().reduce(JobTotals.NONE, JobTotals::plus);
    }

    /** The oldest document of all tasks. */
    public synchronized Optional<InFlight> oldest() {
        return oldest.values().stream().map(Seen::now).max(Comparator.comparing(InFlight::age));
    }

    @Override
    public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
        for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task : asJava(heartbeat.accumUpdates())) {
            Long taskId = (Long) task._1();
            see(taskId, task._4());
            Map<Long, Long> counts = counts(task._4());
            if (!counts.isEmpty() && !ended.contains(taskId)) {
                running.put(
                        taskId,
                        new JobTotals(
                                counts.getOrDefault(documents, 0L),
                                counts.getOrDefault(errors, 0L),
                                counts.getOrDefault(inputTokens, 0L),
                                counts.getOrDefault(outputTokens, 0L)));
            }
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        running.remove(end.taskInfo().taskId());
        oldest.remove(end.taskInfo().taskId());
        ended.add(end.taskInfo().taskId());
    }

    private void see(Long taskId, Seq<AccumulableInfo> accumulators) {
        for (AccumulableInfo info : asJava(accumulators)) {
            if (info.id() == inFlight
                    && !ended.contains(taskId)
                    && info.update().isDefined()
                    && info.update().get() instanceof InFlight document) {
                oldest.put(taskId, new Seen(document, System.nanoTime()));
                return;
            }
        }
        oldest.remove(taskId); // a heartbeat without one has none
    }

    private Map<Long, Long> counts(Seq<AccumulableInfo> accumulators) {
        Map<Long, Long> counts = new HashMap<>();
        for (AccumulableInfo info : asJava(accumulators)) {
            long id = info.id();
            boolean isCounter = id == documents || id == errors || id == inputTokens || id == outputTokens;
            if (isCounter && info.update().isDefined() && info.update().get() instanceof Long count) {
                counts.put(id, count);
            }
        }
        return counts;
    }
}
