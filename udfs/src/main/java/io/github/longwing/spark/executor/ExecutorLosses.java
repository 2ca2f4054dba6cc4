package io.github.longwing.spark.executor;

import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes on the driver why executors ended, beside the markers of the documents that they ran, where the next attempt of
 * their tasks reads it.
 */
public final class ExecutorLosses extends SparkListener implements AutoCloseable {
    static final String PREFIX = "ended-";
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorLosses.class);

    private final SparkContext context;
    private final String directory;

    private ExecutorLosses(SparkContext context, String directory) {
        this.context = context;
        this.directory = directory;
    }

    /** Writes the losses of this context into a directory of markers until it is closed. */
    public static ExecutorLosses watch(SparkContext context, String markersDirectory) {
        ExecutorLosses losses = new ExecutorLosses(context, markersDirectory);
        context.addSparkListener(losses);
        return losses;
    }

    /** Writes how an executor ended; {@code driver} is the executor of local mode. */
    public static void note(String markersDirectory, String application, String executor, String reason) {
        new Markers(markersDirectory).writeText(path(markersDirectory, application, executor), reason);
    }

    static Path path(String directory, String application, String executor) {
        return new Path(directory, PREFIX + application + "-" + executor);
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        try {
            note(directory, context.applicationId(), removed.executorId(), removed.reason());
        } catch (RuntimeException e) { // the error row will not know the cause, and is still written
            LOG.warn("Cannot write why executor {} ended", removed.executorId(), e);
        }
    }

    @Override
    public void close() {
        context.removeSparkListener(this);
    }
}
