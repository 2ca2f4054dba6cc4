package io.github.longwing.spark.executor;

import io.github.longwing.error.DocumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * Says that a process runs a document alone.
 *
 * @param id of the document
 * @param application of Spark
 * @param executor of the application
 * @param task stage and partition
 * @param attempt of the task
 * @param host of the process
 * @param pid of the process on its host
 * @param started when the process started, since pids are used again
 * @param deaths how many processes before it have ended while they ran this document alone
 */
public record Marker(
        String id,
        String application,
        String executor,
        String task,
        int attempt,
        String host,
        long pid,
        String started,
        int deaths) {

    /** Why a document ended its process, as far as the process could still tell. */
    record Cause(DocumentException.Kind kind, String text) {}

    /** A marker of this process for a document; outside of a task for tests. */
    static Marker of(String id, TaskContext context) {
        SparkEnv env = SparkEnv.get();
        ProcessHandle process = ProcessHandle.current();
        return new Marker(
                String.valueOf(id),
                env == null ? "" : env.conf().get("spark.app.id", ""),
                env == null ? "" : env.executorId(),
                context == null ? "" : context.stageId() + "." + context.partitionId(),
                context == null ? 0 : context.attemptNumber(),
                localHost(),
                process.pid(),
                started(process),
                0);
    }

    Marker afterDeaths(int count) {
        return new Marker(id, application, executor, task, attempt, host, pid, started, count);
    }

    /** Whether the same process wrote it that asks. */
    boolean isOfThisProcess() {
        ProcessHandle process = ProcessHandle.current();
        return isOfThisHost() && pid == process.pid() && started.equals(started(process));
    }

    /** Whether its process is known to have ended, or its task to have failed. */
    boolean isKnownDead(Marker asking) {
        boolean processGone = isOfThisHost()
                && ProcessHandle.of(pid)
                        .filter(process -> process.isAlive() && started.equals(started(process)))
                        .isEmpty();
        // Spark starts an attempt when the one before has failed, unless it speculates
        boolean earlierAttempt = !application.isEmpty()
                && application.equals(asking.application)
                && task.equals(asking.task)
                && attempt < asking.attempt
                && !speculates();
        return processGone || earlierAttempt;
    }

    String owner() {
        return (executor.isEmpty() ? "a process" : "executor " + executor) + " (pid " + pid + " on " + host + ")";
    }

    private boolean isOfThisHost() {
        return host.equals(localHost());
    }

    private static boolean speculates() {
        SparkEnv env = SparkEnv.get();
        return env != null && env.conf().getBoolean("spark.speculation", false);
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    void write(OutputStream out) throws IOException {
        Properties values = new Properties();
        values.setProperty("id", id);
        values.setProperty("application", application);
        values.setProperty("executor", executor);
        values.setProperty("task", task);
        values.setProperty("attempt", String.valueOf(attempt));
        values.setProperty("host", host);
        values.setProperty("pid", String.valueOf(pid));
        values.setProperty("started", started);
        values.setProperty("deaths", String.valueOf(deaths));
        values.store(out, "Runs this document alone");
    }

    /** Empty for one that was not written to its end: its document was not begun. */
    static Optional<Marker> read(InputStream in) throws IOException {
        String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        Properties values = new Properties();
        values.load(new StringReader(text));
        try {
            return values.size() < 9 || !text.endsWith("\n")
                    ? Optional.empty()
                    : Optional.of(new Marker(
                            values.getProperty("id"),
                            values.getProperty("application"),
                            values.getProperty("executor"),
                            values.getProperty("task"),
                            Integer.parseInt(values.getProperty("attempt")),
                            values.getProperty("host"),
                            Long.parseLong(values.getProperty("pid")),
                            values.getProperty("started"),
                            Integer.parseInt(values.getProperty("deaths"))));
        } catch (NumberFormatException e) {
            throw new UncheckedIOException(
                    new IOException("Cannot read a marker: it is " + text + ", expected the keys of a marker", e));
        }
    }
}
