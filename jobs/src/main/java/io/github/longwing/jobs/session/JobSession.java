package io.github.longwing.jobs.session;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.spark.progress.SparkContexts;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;

/**
 * The Spark session of a job: the one that the platform has already, else a new one, which {@link #close} stops.
 *
 * @param context empty on platforms that do not give it to user code
 */
public record JobSession(SparkSession spark, Optional<SparkContext> context, Ownership ownership)
        implements AutoCloseable {
    /** The property of a thread that names the group of the jobs that it starts, with which they are cancelled. */
    public static final String JOB_GROUP = "spark.jobGroup.id";

    private static final String MASTER = "spark.master";
    private static final Pattern MASTER_URL = Pattern.compile("(?i)master url");
    private static final String DEFAULT_MASTER = "local[*]";

    /** For an embedded Spark on one machine, unless the user says otherwise. */
    private static final Map<String, String> LOCAL_DEFAULTS = Map.of(
            "spark.ui.enabled", "false",
            // progress comes from the heartbeats
            "spark.executor.heartbeatInterval", "3s",
            // a machine that sleeps, as a closed laptop does, sends none, and its job goes on when it wakes
            "spark.storage.blockManagerHeartbeatTimeoutMs", "30d",
            // works on a machine whose own name does not resolve
            "spark.driver.host", "localhost",
            "spark.driver.bindAddress", "127.0.0.1");

    /**
     * How often a task may fail. Spark's four are used up by innocents: a process that dies counts against each task that it
     * ran, whichever of their documents ended it.
     */
    private static final String MAX_FAILURES = "spark.task.maxFailures";

    private static final String ENOUGH_FAILURES = "16";

    public enum Ownership {
        OWNED,
        EXTERNAL
    }

    public static JobSession open(SparkOptions options, String name) {
        if (SparkSession.getDefaultSession().isDefined()) {
            return in(SparkSession.getDefaultSession().get(), options);
        }
        SparkConf submitted = new SparkConf();
        String master = options.master()
                .or(() -> Optional.ofNullable(options.conf().get(MASTER)))
                .orElseGet(() -> submitted.get(MASTER, DEFAULT_MASTER));
        SparkSession.Builder builder = SparkSession.builder();
        if (isEmbedded(master)) {
            LOCAL_DEFAULTS.forEach((key, value) -> {
                if (!submitted.contains(key)) {
                    builder.config(key, value);
                }
            });
        } else if (!submitted.contains(MASTER)) {
            throw new UserException("Cannot run on " + master
                    + ": this is the embedded Spark, expected a master that begins with local; "
                    + "start Longwing through bin/longwing with SPARK_HOME set, or through spark-submit");
        }
        if (!submitted.contains(MAX_FAILURES)) {
            builder.config(MAX_FAILURES, ENOUGH_FAILURES);
        }
        if (!submitted.contains("spark.app.name")) {
            builder.appName(name);
        }
        options.conf().forEach(builder::config);
        return of(start(builder.master(master), master), Ownership.OWNED);
    }

    /** A session that somebody else has opened and closes. */
    public static JobSession in(SparkSession session, SparkOptions options) {
        options.conf().forEach((key, value) -> set(session, key, value));
        return of(session, Ownership.EXTERNAL);
    }

    /** Whether everything runs in this process. */
    static boolean isEmbedded(String master) {
        return master.equals("local") || master.startsWith("local[");
    }

    /** The configuration of Hadoop file systems on the driver. */
    public Configuration hadoopConfiguration() {
        return context.map(SparkContext::hadoopConfiguration).orElseGet(Configuration::new);
    }

    /** The same for commands that start no Spark: of the session that is there, else of Spark's own settings. */
    public static Configuration hadoopConfiguration(SparkOptions options) {
        if (SparkSession.getDefaultSession().isDefined()) {
            return of(SparkSession.getDefaultSession().get(), Ownership.EXTERNAL)
                    .hadoopConfiguration();
        }
        SparkConf conf = new SparkConf();
        options.conf().forEach(conf::set);
        return SparkHadoopUtil.get().newConfiguration(conf);
    }

    @Override
    public void close() {
        switch (ownership) {
            case OWNED -> spark.stop();
            case EXTERNAL -> {}
        }
    }

    private static JobSession of(SparkSession session, Ownership ownership) {
        if (!session.version().startsWith("4.")) {
            throw new UserException("Cannot run on this Spark: its version is " + session.version()
                    + ", expected 4.0 or later; set SPARK_HOME to such an installation, or unset it");
        }
        return new JobSession(session, SparkContexts.of(session), ownership);
    }

    private static SparkSession start(SparkSession.Builder builder, String master) {
        try {
            return builder.getOrCreate();
        } catch (Exception e) { // SparkException, which Scala does not declare
            if (e instanceof SparkException
                    && MASTER_URL.matcher(String.valueOf(e.getMessage())).find()) {
                throw new UserException(
                        "Cannot start Spark: --master is " + master
                                + ", expected local[N], local[*], spark://HOST:PORT, yarn or k8s://URL",
                        e);
            }
            if (isJavaTooNew(e)) {
                throw new UserException(
                        "Cannot start Spark: this is Java " + Runtime.version().feature()
                                + ", expected one from 17 to 22, such as 17 or 21, on which this Spark runs; set"
                                + " JAVA_HOME to it",
                        e);
            }
            throw e;
        }
    }

    /** Hadoop's client asks for what Java has no more (HADOOP-19212). */
    static boolean isJavaTooNew(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("getSubject is not supported")) {
                return true;
            }
        }
        return false;
    }

    private static void set(SparkSession session, String key, String value) {
        try {
            session.conf().set(key, value);
        } catch (Exception e) { // AnalysisException, which Scala does not declare
            if (e instanceof AnalysisException) {
                throw new UserException(
                        "Cannot use --conf " + key + "=" + Redaction.show(key, value)
                                + ": this Spark runs already and takes no such setting any more; give it to the cluster",
                        e);
            }
            throw e;
        }
    }
}
