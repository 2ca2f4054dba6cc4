package io.github.longwing.spark.progress;

import static scala.jdk.javaapi.CollectionConverters.asJava;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
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

    private final Map<Long, JobTotals> running = new HashMap<>();

    /** A heartbeat may be delivered after the end of its task. */
    private final Set<Long> ended = new HashSet<>();

    /** The ids of the accumulators. */
    public RunningTasks(long documents, long errors, long inputTokens, long outputTokens) {
        this.documents = documents;
        this.errors = errors;
        this.inputTokens = inputTokens;
        this.outputTokens = outputTokens;
    }

    public synchronized JobTotals totals() {
        return running.values().stream().reduce(JobTotals.NONE, JobTotals::plus);
    }

    @Override
    public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
        for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task : asJava(heartbeat.accumUpdates())) {
            Long taskId = (Long) task._1();
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
        ended.add(end.taskInfo().taskId());
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
